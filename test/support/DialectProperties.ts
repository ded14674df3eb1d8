/** What every dialect keeps, whatever conversation it is. */
import { assert, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import type { Dialect, WireRequest } from "../../src/kernel/dialects/Dialect.ts"
import { PartReader } from "../../src/kernel/dialects/PartReader.ts"
import * as Translation from "../../src/kernel/dialects/Translation.ts"
import type { ChatRequest } from "../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../src/kernel/messages/ChatResponse.ts"
import { ContentBlock } from "../../src/kernel/messages/ContentBlock.ts"
import { ResponseFormat } from "../../src/kernel/messages/ResponseFormat.ts"
import type { StreamPart } from "../../src/kernel/messages/StreamPart.ts"
import { ToolChoice } from "../../src/kernel/messages/Tools.ts"

/** Whatever changes it throws. */
export const frozen = <A>(value: A): A => {
  if (Predicate.isObject(value)) Object.values(value).forEach(frozen)
  return Object.freeze(value)
}

/** Without what no JSON says: undefined, and -0. */
export const wired = <A>(value: A): A => JSON.parse(JSON.stringify(value))

export const lowered = (dialect: Dialect, request: ChatRequest): WireRequest =>
  Result.getOrThrow(dialect.lower.request(frozen(request)))

export const raised = (dialect: Dialect, body: unknown): ChatRequest =>
  Result.getOrThrow(dialect.raise.request(frozen(body)))

/** In pieces of so many letters; never empty. */
export const pieces = (text: string, length: number): ReadonlyArray<string> =>
  Array.from(
    { length: Math.max(1, Math.ceil(text.length / length)) },
    (_, at) => text.slice(at * length, (at + 1) * length)
  )

export const read = (dialect: Dialect, text: string, producer?: string): ReadonlyArray<StreamPart> => {
  const reader = new PartReader(dialect, producer)
  return [...reader.feed(Buffer.from(text)), ...reader.end()]
}

export const responseOf = (parts: ReadonlyArray<StreamPart>): ChatResponse | undefined => {
  const last = parts.at(-1)
  return last?.type === "response" ? last.response : undefined
}

/** What a stream says adds up to the plain answer, as its blocks do; and so does what is made of it again. */
export const assertSame = (dialect: Dialect, body: unknown, stream: string) => {
  const plain = Result.getOrThrow(dialect.raise.response(frozen(body), "p/m"))
  assert.deepStrictEqual<unknown>(dialect.lower.response(frozen(plain)), body)
  const streamed = read(dialect, stream, "p/m")
  assert.deepStrictEqual<unknown>(responseOf(streamed), plain)
  const ends = streamed.flatMap((part) => part.type === "block_end" ? [part.block] : [])
  assert.deepStrictEqual<unknown>(ends, plain.content)
  const lowerer = dialect.lower.stream()
  const again = Buffer.concat(frozen(streamed).flatMap((part) => lowerer.add(part))).toString()
  assert.deepStrictEqual<unknown>(responseOf(read(dialect, again, "p/m")), plain)
  const whole = dialect.lower.stream()
  const atOnce = Buffer.concat(Translation.partsOf(plain).flatMap((part) => whole.add(part))).toString()
  assert.deepStrictEqual<unknown>(responseOf(read(dialect, atOnce, "p/m")), plain)
}

const Message = Schema.Struct({
  role: Schema.Literals(["system", "developer", "user", "assistant", "tool"]),
  content: Schema.Union([Schema.String, Schema.Array(ContentBlock)]),
  tool_call_id: Schema.optionalKey(Schema.String)
})

const maybe = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const Request = Schema.Struct({
  messages: Schema.Array(Message).check(Schema.isMaxLength(4)),
  tools: maybe(Schema.Array(Schema.Struct({ name: Schema.String, parameters: Schema.JsonObject }))),
  tool_choice: maybe(ToolChoice),
  parallel_tool_calls: maybe(Schema.Boolean),
  response_format: maybe(ResponseFormat),
  temperature: maybe(Schema.Finite),
  top_p: maybe(Schema.Finite),
  top_k: maybe(Schema.Int),
  seed: maybe(Schema.Int),
  frequency_penalty: maybe(Schema.Finite),
  max_output_tokens: maybe(Schema.Int),
  stop: maybe(Schema.Array(Schema.String)),
  reasoning_effort: maybe(Schema.Literals(["none", "minimal", "low", "medium", "high", "max", "odd"])),
  reasoning_budget_tokens: maybe(Schema.Int),
  stream: maybe(Schema.Boolean)
})

/** Properties of a dialect that its own tests need not say. `sent`: what its vendors take. */
export const dialectProperties = (
  dialect: Dialect,
  sent: Schema.ConstraintDecoder<unknown>,
  models: readonly [string, ...ReadonlyArray<string>]
) => {
  const decode = Schema.decodeUnknownSync(sent as Schema.Codec<unknown, unknown>)

  it.prop(
    "asks any canonical conversation as its vendor takes it, or says why not, and changes nothing of it",
    { request: Request, model: Schema.Literals(models) },
    ({ model, request }) => {
      const asked = dialect.lower.request(frozen({ ...request, model } as unknown as ChatRequest))
      if (Result.isFailure(asked)) assert.isString(asked.failure.param)
      else decode(wired(asked.success.body))
    }
  )

  it.prop(
    "reads whatever comes without throwing",
    { value: Schema.Json, fields: Schema.Record(Schema.String, Schema.Json), status: Schema.Int },
    ({ fields, status, value }) => {
      const { conversation, errors, failureIn, failureOf, raise, summary } = dialect
      for (const body of [value, fields, { messages: value }, { message: fields, output: fields }]) {
        raise.request(body)
        raise.response(body)
        errors.raise(status, body)
        errors.retryAfter?.(body)
        failureIn({ json: body, frames: undefined })
        summary.request(body)
        const text = `data: ${JSON.stringify(body)}\n\n`
        const frames = [[0, text]] as const
        failureOf({ status: 200, json: undefined, frames })
        summary.answer({ status: 200, json: undefined, frames })
        summary.answer({ status: 200, json: body, frames: undefined })
        read(dialect, text)
        conversation.answer(text, true)
        conversation.answer(JSON.stringify(body), false)
      }
    }
  )
}
