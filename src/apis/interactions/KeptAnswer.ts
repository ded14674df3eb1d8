/** An answer that is kept: it has the id under which it is found again, and is in the log before its end goes out. */
import { Cause, Effect, Exit, Result } from "effect"
import type { Schema } from "effect"
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import { textOf } from "../../kernel/bytes/WholeBody.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as Errors from "../../kernel/dialects/interactions/Errors.ts"
import * as LowerResponse from "../../kernel/dialects/interactions/LowerResponse.ts"
import type { SseFrame } from "../../kernel/dialects/sse/SseFrame.ts"
import { SseReader } from "../../kernel/dialects/sse/SseReader.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"

type Fields = Schema.JsonObject

/** What of an answer is kept. */
export interface Answered {
  readonly head: Fields
  readonly steps: ReadonlyArray<Fields>
}

export interface Keeping<E> {
  readonly dialect: Dialect
  readonly model: string
  readonly id: string
  readonly previous: string | undefined
  readonly keep: (answered: Answered) => Effect.Effect<unknown, E>
}

/** One that ended without a reason says so, and what went wrong, where its vendor or Strata has said that. */
const answeredOf = (response: ChatResponse, error?: Schema.Json): Answered => {
  const around = LowerResponse.around(response)
  const steps = LowerResponse.stepsOf(response)
  if (error !== undefined) return { head: { ...around, status: "failed", error }, steps }
  return { head: response.finish_reason == null ? { ...around, status: "incomplete" } : around, steps }
}

const named = (interaction: Fields, { id, previous }: Pick<Keeping<never>, "id" | "previous">): Fields => ({
  ...interaction,
  id,
  ...previous === undefined ? {} : { previous_interaction_id: previous }
})

/** The frame as the client gets it; the same where it names no interaction. */
const renamed = (frame: SseFrame, keeping: Pick<Keeping<never>, "id" | "previous">): Uint8Array => {
  if (!frame.text.includes("interaction")) return frame.bytes
  const event = parse(frame.data ?? "")
  if (!isFields(event)) return frame.bytes
  const { interaction, interaction_id } = event
  if (isFields(interaction)) return Errors.frameOf({ ...event, interaction: named(interaction, keeping) })
  return interaction_id === undefined ? frame.bytes : Errors.frameOf({ ...event, interaction_id: keeping.id })
}

/** What a frame says went wrong; undefined: nothing. */
const errorIn = ({ data, text }: SseFrame): Schema.Json | undefined => {
  const event = text.includes("error") ? parse(data ?? "") : undefined
  return isFields(event) && event["event_type"] === "error" ? event["error"] ?? {} : undefined
}

const streamed = <E, E2>(
  source: ByteSource.ByteSource<E>,
  keeping: Keeping<E2>,
  run: ByteSource.Passing["run"]
) =>
  ByteSource.through<E, unknown>(source, (sink) => {
    const { dialect, keep, model } = keeping
    const [reader, raiser] = [new SseReader(), dialect.raise.stream(model)]
    let answer: ChatResponse | undefined
    let error: Schema.Json | undefined
    const held: Array<Uint8Array> = []

    const take = (frame: SseFrame) => {
      error ??= errorIn(frame)
      // Behind an error a raiser has nothing more to say, and what came before it is kept.
      if (error === undefined) {
        for (const part of raiser.add(frame)) if (part.type === "response") answer = part.response
      }
      if (error !== undefined || dialect.isLastFrame(frame.text)) held.push(renamed(frame, keeping))
      else sink.chunk(renamed(frame, keeping))
    }
    const close = () => {
      for (const bytes of held) sink.chunk(bytes)
      sink.end()
    }
    const keepAll = (close: () => void) => {
      for (const part of raiser.end()) if (part.type === "response") answer = part.response
      if (answer === undefined) return close()
      run(keep(answeredOf(answer, error)), (exit) => {
        if (Exit.isFailure(exit)) sink.fail(Cause.fail(Cause.squash(exit.cause)))
        else close()
      })
    }
    return {
      chunk: (bytes) => reader.feed(bytes).forEach(take),
      end: () => {
        reader.end().forEach(take)
        keepAll(close)
      },
      fail: (cause) => {
        // Whoever leaves wants none of it.
        if (Cause.hasInterruptsOnly(cause)) return sink.fail(cause)
        error ??= Errors.envelope({ kind: "unavailable", message: messageOf(Cause.squash(cause)) })["error"]!
        keepAll(() => sink.fail(cause))
      }
    }
  })

const messageOf = (error: unknown): string => error instanceof Error ? error.message : "The answer broke off."

/** What was refused is not kept; what broke off is, as far as it came. */
export const of = Effect.fnUntraced(function*<E, E2>(
  answer: Bytes.Bytes<E>,
  keeping: Keeping<E2>
): Effect.fn.Return<Bytes.Bytes<unknown>, E2> {
  if (answer.status >= 300) return answer
  if (Bytes.isStreamed(answer)) {
    return { ...answer, body: streamed(answer.body, keeping, ByteSource.runIn(yield* Effect.context<never>())) }
  }
  const body = parse(textOf(answer.body as Bytes.WholeBytes["body"]))
  const raised = keeping.dialect.raise.response(body, keeping.model)
  if (!isFields(body) || Result.isFailure(raised)) return answer
  yield* keeping.keep(answeredOf(raised.success))
  return { ...answer, body: JSON.stringify(named(body, keeping)) }
})
