/** A chat completion in the canonical model. */
import { Result, Schema } from "effect"
import { field, isFields, listOf, without } from "../../../events/types/JsonAccess.ts"
import { nullable } from "../../../events/types/OpenSchema.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as FinishReason from "./FinishReason.ts"
import { blocks, restOf } from "./RaiseMessage.ts"
import * as WireUsage from "./WireUsage.ts"

/** No more than is needed: vendors leave out what OpenAI requires. The rest is JSON, as the body is. */
const Read = Schema.Struct({
  choices: Schema.NonEmptyArray(Schema.Struct({
    message: Schema.declare(isFields, { expected: "object" }),
    finish_reason: nullable(Schema.String)
  }))
})

const check = Schema.decodeUnknownResult(Read)

type Choice = typeof Read.Type["choices"][0] & Schema.JsonObject

const headFields = ["id", "model", "created"] as const

const saysNothing = (value: Schema.Json | undefined): boolean => value == null || value === "" || value === 0

/** What the vendor says of the answer in the canonical words. */
export const metadataOf = (body: Schema.JsonObject): Schema.JsonObject => {
  const head: Record<string, Schema.Json> = {}
  for (const name of headFields) if (!saysNothing(body[name])) head[name] = body[name]!
  return head
}

/** How likely the tokens of an answer were, with its text: where it has more than one, nothing says which is whose. */
const withLogprobs = (content: ReadonlyArray<ContentBlock>, choice: Schema.JsonObject): ReadonlyArray<ContentBlock> => {
  const logprobs = logprobsOf(choice)
  const isText = ({ type, ...block }: ContentBlock) => type === "text" && !("refusal" in block)
  return logprobs.length === 0 || content.filter(isText).length !== 1
    ? content
    : content.map((block) => isText(block) ? { ...block, logprobs } as ContentBlock : block)
}

/** Of the tokens of a choice's text. */
export const logprobsOf = (choice: unknown): ReadonlyArray<Schema.Json> =>
  listOf(field(field(choice, "logprobs"), "content"))

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

const canonical = (body: Schema.JsonObject, producer: string | undefined): ChatResponse => {
  const [first] = body["choices"] as unknown as readonly [Choice]
  const { finish_reason, index: _, message, ...choice } = first
  const usage = WireUsage.usageIn(body)
  const rest = restOf(message)
  const reason = FinishReason.raise(finish_reason)
  return {
    content: withLogprobs(blocks(message, producer === undefined ? {} : { producer_model: producer }, true), choice),
    finish_reason: reason,
    usage: usage === undefined ? null : WireUsage.raise(usage),
    metadata: metadataOf(body),
    ...optionsOf("chat", {
      ...without(body, ["choices", "usage", "object", ...headFields]),
      ...(isEmpty(rest) ? {} : { message: rest }),
      ...(isEmpty(choice) ? {} : { choice }),
      ...(finish_reason == null || finish_reason === reason ? {} : { finish_reason })
    })
  }
}

/** The first choice: others are answers to the same question. */
export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  check(body).pipe(
    Result.map(() => canonical(body as Schema.JsonObject, producer)),
    Result.mapError(({ message }) => new NotOfDialect({ dialect: "chat", detail: message }))
  )
