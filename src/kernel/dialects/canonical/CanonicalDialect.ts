/**
 * The canonical model as a dialect of its own: requests, answers and parts of streams as JSON, as they are. Whoever asks in
 * process speaks it, and so does a provider that answers over messages.
 */
import { Predicate, Result, Schema } from "effect"
import { field, objectOf, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import type { AnswerFailure } from "../../calls/AnswerFailure.ts"
import { cutOff } from "../../calls/AnswerFailure.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import { ChatResponse } from "../../messages/ChatResponse.ts"
import { LlmFailure } from "../../messages/LlmFailure.ts"
import { StreamPart } from "../../messages/StreamPart.ts"
import { doneFrame, isDone } from "../chat/DoneFrame.ts"
import type { AnswerSummary, Dialect } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { eventsOf } from "../sse/SseFrame.ts"
import { conversation } from "./CanonicalConversation.ts"

const name = "canonical"

const decoder = <A, I extends Schema.Json>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown): Result.Result<A, NotOfDialect> =>
    Result.mapError(decode(value), ({ message }) => new NotOfDialect({ dialect: name, detail: message }))
}

const decodeBody = decoder(ChatRequest)

/** Requests that are of the model already, as who asks in process has made them. */
const made = new WeakSet<object>()

/** A request as a body: it is not checked again. */
export const bodyOf = (request: ChatRequest): Schema.JsonObject => {
  made.add(request)
  return request as Schema.JsonObject
}

const decodeRequest = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  Predicate.isObject(body) && made.has(body) ? Result.succeed(body as unknown as ChatRequest) : decodeBody(body)

const decodeResponse = decoder(ChatResponse)
const decodePart = Schema.decodeUnknownResult(StreamPart)
const decodeFailure = Schema.decodeUnknownResult(LlmFailure)

const partIn = (data: string | undefined): StreamPart | undefined => {
  if (data === undefined || isDone(data)) return undefined
  const part = decodePart(parse(data))
  return Result.isSuccess(part) ? part.success : undefined
}

const partsOf = (frames: ReadonlyArray<Frame>): ReadonlyArray<StreamPart> =>
  eventsOf(frames.map(([, text]) => text).join("")).flatMap(({ data }) => partIn(data) ?? [])

const frame = (value: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

const failureIn = (value: unknown): LlmFailure | undefined => {
  const error = decodeFailure(field(value, "error"))
  return Result.isSuccess(error) ? error.success : undefined
}

const errorOf = ({ failure }: { readonly failure: LlmFailure }): AnswerFailure => ({
  type: "vendor_error",
  message: failure.message
})

const failureOfFrames = (frames: ReadonlyArray<Frame>): AnswerFailure | undefined => {
  const parts = partsOf(frames)
  const error = parts.find((part) => part.type === "error")
  if (error !== undefined) return errorOf(error)
  return parts.at(-1)?.type === "response" ? undefined : cutOff
}

const summaryOf = ({ finish_reason = null, metadata, usage = null }: Partial<ChatResponse>): AnswerSummary => ({
  response_id: textOrNull(metadata?.["id"]),
  response_model: textOrNull(metadata?.["model"]),
  finish_reason,
  usage
})

const responseIn = (frames: ReadonlyArray<Frame>): Partial<ChatResponse> => {
  const last = partsOf(frames.slice(-4)).findLast((part) => part.type === "response")
  return last?.response ?? {}
}

export const canonical: Dialect = {
  name,
  path: () => "/complete",
  ...doneFrame,
  endingOf: (frames) => {
    const parts = eventsOf(frames).flatMap(({ data }) => partIn(data) ?? [])
    if (parts.some(({ type }) => type === "error")) return "failed"
    return parts.some(({ type }) => type === "response") ? "finished" : "cut off"
  },
  failureOf: ({ frames, json }) => {
    if (frames !== undefined) return failureOfFrames(frames)
    const failure = failureIn(json)
    return failure === undefined ? undefined : errorOf({ failure })
  },
  failureIn: ({ frames, json }) => {
    if (frames === undefined) return failureIn(json) === undefined ? undefined : json
    return partsOf(frames).find(({ type }) => type === "error")
  },
  lower: {
    keepsBlocks: true,
    request: (request) => Result.succeed({ body: request as Schema.JsonObject, degradations: [] }),
    response: (response) => response as Schema.JsonObject,
    stream: () => ({ add: (part) => [frame(part)] })
  },
  raise: {
    request: decodeRequest,
    response: decodeResponse,
    stream: () => ({
      add: ({ data }) => {
        const part = partIn(data)
        return part === undefined ? [] : [part]
      },
      end: () => []
    })
  },
  errors: {
    envelope: ({ code = null, kind = "unknown", message, param = null, type = null }) => ({
      error: { kind, message, type, code, param }
    }),
    raise: (status, body) => {
      const message = textOrNull(field(field(body, "error"), "message")) ?? `the provider answered ${status}`
      return failureIn(body) ?? { kind: "unknown", message }
    },
    frame: (envelope) =>
      frame({
        type: "error",
        error: envelope,
        failure: failureIn(envelope) ?? { kind: "stream", message: "the answer broke off" }
      })
  },
  summary: {
    request: (body) => {
      const { messages, stream, tools } = objectOf(body) ?? {}
      return {
        stream: stream === true,
        message_count: Array.isArray(messages) ? messages.length : 0,
        tool_count: Array.isArray(tools) ? tools.length : 0
      }
    },
    answer: ({ frames, json }) => summaryOf(frames === undefined ? objectOf(json) ?? {} : responseIn(frames))
  },
  conversation
}
