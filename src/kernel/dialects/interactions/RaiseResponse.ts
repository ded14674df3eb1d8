/** An interaction in the canonical model. */
import { Result, Schema, Struct } from "effect"
import { textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as TimeText from "../TimeText.ts"
import { errorIn, messageOf } from "./Errors.ts"
import type { Origin } from "./RaiseStep.ts"
import * as RaiseStep from "./RaiseStep.ts"
import * as Status from "./Status.ts"
import type { Fields } from "./Steps.ts"
import * as Steps from "./Steps.ts"
import { ReadInteraction } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

const decode = Schema.decodeUnknownResult(ReadInteraction)

/** What an interaction says of itself at its beginning. */
export const metadataOf = ({ created, id, model }: Fields): Fields => {
  const [named, of] = [textOrNull(id), textOrNull(model)]
  const seconds = TimeText.secondsOf(created)
  return {
    ...(named === null ? {} : { id: named }),
    ...(of === null ? {} : { model: of }),
    ...(seconds === undefined ? {} : { created: seconds })
  }
}

const usageFields = (usage: unknown): Fields => {
  const others = WireUsage.others(usage)
  return Object.keys(others).length === 0 ? {} : { usage: others }
}

/** The interaction with the blocks of its steps. */
export const withBlocks = (body: Fields, content: ReadonlyArray<ContentBlock>): ChatResponse => {
  const calls = content.some(({ type }) => type === "tool_call")
  const rest = Struct.omit(body, ["id", "model", "steps", "outputs", "usage"]) as Fields
  return {
    content,
    finish_reason: Status.raise(body["status"], calls),
    usage: WireUsage.raise(body["usage"]),
    metadata: metadataOf(body),
    ...optionsOf("interactions", { ...rest, ...usageFields(body["usage"]) })
  }
}

export const originOf = (producer: string | undefined): Origin =>
  producer === undefined ? {} : { producer_model: producer }

const notOfDialect = (detail: string) => new NotOfDialect({ dialect: "interactions", detail })

/** What the model did: what was put to it stands before it in an interaction that is read again. */
export const isDone = ({ type }: Fields): boolean => type !== "user_input"

/** An error is no answer, and what has neither steps nor a status is none either. */
export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> => {
  const error = errorIn(body)
  if (error !== undefined) return Result.fail(notOfDialect(messageOf(error)))
  return Result.flatMap(
    Result.mapError(decode(body), ({ message }) => notOfDialect(message)),
    (read) => {
      if (read.steps == null && read.outputs == null && read.status == null) {
        return Result.fail(notOfDialect("no interaction: neither steps, nor outputs, nor a status"))
      }
      const origin = originOf(producer)
      const steps = Steps.ofAnswer(read).filter(isDone)
      return Result.succeed(
        withBlocks(read as unknown as Fields, steps.flatMap((step) => RaiseStep.raise(step, origin)))
      )
    }
  )
}
