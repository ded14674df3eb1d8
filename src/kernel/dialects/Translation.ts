/** Between a client's dialect and a vendor's: one `raise` and one `lower` each way. */
import { Cause, Effect, identity, Predicate, Result } from "effect"
import type { Schema } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import { isArrayNonEmpty } from "effect/Array"
import { asText, parse } from "../../events/types/JsonAccess.ts"
import * as ByteCollector from "../bytes/ByteCollector.ts"
import * as Bytes from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import type { WholeBody } from "../bytes/WholeBody.ts"
import { textOf } from "../bytes/WholeBody.ts"
import * as AnswerFailure from "../calls/AnswerFailure.ts"
import { ProviderFailed, ProviderRejected } from "../http/ProviderErrors.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ChatResponse, Degradation } from "../messages/ChatResponse.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import { isModeled } from "../messages/ContentBlock.ts"
import * as CustomCall from "../messages/CustomCall.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Recording } from "../requests/Recording.ts"
import * as CustomTools from "./CustomTools.ts"
import * as DegradationHeader from "./DegradationHeader.ts"
import type { Dialect, StreamOptions } from "./Dialect.ts"
import * as DialectStream from "./DialectStream.ts"
import * as FileParts from "./FileParts.ts"
import * as ForeignBlocks from "./ForeignBlocks.ts"
import * as LoweringReport from "./LoweringReport.ts"
import type { NotOfDialect } from "./NotOfDialect.ts"
import { PartReader } from "./PartReader.ts"
import * as UnreadableImages from "./UnreadableImages.ts"
import type { WireCall, WireResponse } from "./WireCall.ts"

/** A call of another dialect, for its vendor. */
export interface Translated {
  readonly call: WireCall
  readonly degradations: ReadonlyArray<Degradation>
}

/** A canonical request as a call of a dialect; `client`: the dialect of who asks. */
export const lowerCall = (
  dialect: Dialect,
  given: ChatRequest,
  { client, model, stream }: Pick<WireCall, "model" | "stream"> & { readonly client: Dialect }
): Result.Result<Translated, NotOfDialect> => {
  const { stream: _, ...asked } = given
  const isOther = dialect.lower.keepsBlocks !== true && client.name !== dialect.name
  const report = LoweringReport.make(dialect.name)
  const request = isOther ? FileParts.forVendor(asked, dialect.name, report) : asked
  const foreign = dialect.lower.keepsBlocks === true ? undefined : ForeignBlocks.problem(request, dialect.name)
  const problem = foreign ?? (isOther ? UnreadableImages.problem(request, dialect.name) : undefined)
  if (problem !== undefined) return Result.fail(problem)
  return Result.map(
    Result.flatMap(
      CustomTools.forVendor(request, dialect, client),
      (request) => dialect.lower.request({ ...request, model, ...stream ? { stream } : {} })
    ),
    ({ body: lowered, degradations }) => {
      const { withUsage } = dialect.lower
      const body = stream && client.name !== dialect.name && withUsage !== undefined ? withUsage(lowered) : lowered
      const call = { dialect, model, stream, body, text: JSON.stringify(body) }
      return { call, degradations: [...report.degradations, ...degradations] }
    }
  )
}

/** Who answers whom, and how. */
export interface Passage {
  readonly vendor: Dialect
  readonly client: Dialect
  /** The provider instance. */
  readonly provider: string
  /** The model as clients call it. */
  readonly model: string
  /** Whether the client wants a stream. */
  readonly stream: boolean
  readonly options: StreamOptions
  readonly degradations: ReadonlyArray<Degradation>
  /** When it was asked, seconds since 1970: for clients that want to know when an answer was made, where no vendor says it. */
  readonly created?: number
  /** What it is called where no vendor names it. */
  readonly id?: string
  /** Is given each block of the answer when it is whole. */
  readonly learn?: ((block: ContentBlock) => void) | undefined
}

const hasText = (value: unknown): boolean => Predicate.isString(value) && value !== ""

/** With a name, the time and the model that was asked for, where the vendor gives none. */
const named = (metadata: Schema.JsonObject, { created, id, model }: Passage): Schema.JsonObject => ({
  ...metadata,
  ...hasText(metadata["model"]) ? {} : { model },
  ...id === undefined || Predicate.isString(metadata["id"]) ? {} : { id },
  ...created === undefined || Predicate.isNumber(metadata["created"]) ? {} : { created }
})

/** What Strata says of an answer, besides its vendor. */
const annotated = (response: ChatResponse, passage: Passage): ChatResponse => {
  const { degradations } = passage
  const [first] = degradations
  const metadata = named(response.metadata ?? {}, passage)
  return { ...response, metadata, ...first === undefined ? {} : { degradation: first, degradations } }
}

/** A part as the client gets it. */
export const annotatedPart = (part: StreamPart, passage: Passage): StreamPart => {
  switch (part.type) {
    case "response_start":
      return { ...part, metadata: named(part.metadata, passage) }
    case "response":
      return { ...part, response: annotated(part.response, passage) }
    default:
      return part
  }
}

/** Of an answer that is there, all of it. */
const whole = (response: ChatResponse, passage: Passage): ChatResponse => {
  if (passage.learn !== undefined) response.content.forEach(passage.learn)
  return annotated(response, passage)
}

const invalid = ({ provider }: Passage, detail: string) =>
  new ProviderFailed({ provider, reason: "invalid_answer", detail })

/** With what the vendor says in its body alone. */
const withRetry = (headers: ProviderRejected["headers"], seconds: number | undefined): ProviderRejected["headers"] =>
  seconds === undefined || headers["retry-after"] !== undefined
    ? headers
    : { ...headers, "retry-after": String(Math.ceil(seconds)) }

/** How those between whom a refusal passes say it. */
export interface SpokenErrors {
  readonly client: { readonly errors: Pick<Dialect["errors"], "envelope"> }
  readonly vendor: { readonly errors: Pick<Dialect["errors"], "raise" | "retryAfter"> }
}

/** A vendor's refusal as the client reads it. */
export const rejectedFor = (
  { client, vendor }: SpokenErrors,
  { headers, provider, status, text }: ProviderRejected
): ProviderRejected => {
  const body = parse(text)
  const { code = null, kind, message, param = null, type } = vendor.errors.raise(status, body)
  const envelope = client.errors.envelope({ message, kind, status, param, code, ...type == null ? {} : { type } })
  const more = withRetry(headers, vendor.errors.retryAfter?.(body))
  return new ProviderRejected({ provider, status, headers: more, text: JSON.stringify(envelope) })
}

/** An answer that came whole, as its stream would say it. */
export const partsOf = (response: ChatResponse): ReadonlyArray<StreamPart> => [
  { type: "response_start", metadata: response.metadata ?? {} },
  ...response.content.flatMap((block, index): ReadonlyArray<StreamPart> => [
    { type: "block_start", index, block: block.type, ...nameOf(block) },
    ...textIn(block).map((text): StreamPart => ({ type: "block_delta", index, text })),
    { type: "block_end", index, block }
  ]),
  { type: "response", response }
]

type Block = ChatResponse["content"][number]

const nameOf = (block: Block) =>
  block.type === "tool_call"
    ? { id: asText(block["id"]), name: asText(block["name"]), ...block["custom"] === true ? { custom: true } : {} }
    : {}

const textIn = (block: Block): ReadonlyArray<string> => {
  const text = isModeled(block) && block.type === "tool_call"
    ? block.custom === true ? CustomCall.textOf(block) : JSON.stringify(block.input)
    : block.type === "text"
    ? asText(block["text"])
    : block.type === "thinking"
    ? asText(block["thinking"])
    : ""
  return text === "" ? [] : [text]
}

/** The frames of an answer that came whole, the last one included. */
const framesOf = (response: ChatResponse, { client, options }: Passage): ReadonlyArray<Uint8Array> => {
  const { add } = client.lower.stream(options)
  const frames = partsOf(response).flatMap(add)
  return [Buffer.concat(frames), ...lastOf(client)]
}

/** The frame that ends a stream, where the dialect has one. */
export const lastOf = ({ lastFrame }: Dialect): ReadonlyArray<Uint8Array> => lastFrame.length === 0 ? [] : [lastFrame]

type Source = ByteSource.ByteSource<ProviderFailed>

/** Parts that came at once. */
export type Parts = NonEmptyReadonlyArray<StreamPart>

/** What is made of them, and stands at the end of an answer. */
interface Making<A> {
  readonly of: (parts: Parts) => A | undefined
  readonly last: ReadonlyArray<A>
}

/** Takes the frames of a vendor's stream, and gives what is made of their parts. */
const readStream = <A>(source: Source, passage: Passage, make: () => Making<A>) => {
  const { model, provider, vendor } = passage
  return ByteSource.through<ProviderFailed, ProviderFailed, A>(source, (sink) => {
    const reader = new PartReader(vendor, model)
    const making = make()
    let ending: "answered" | "failed" | undefined

    const pass = (read: ReadonlyArray<StreamPart>) => {
      const parts: Array<StreamPart> = []
      for (const part of read) {
        if (ending !== undefined) break
        if (part.type === "error") ending = "failed"
        if (part.type === "response") ending = "answered"
        if (part.type === "block_end") passage.learn?.(part.block)
        parts.push(annotatedPart(part, passage))
      }
      const made = isArrayNonEmpty(parts) ? making.of(parts) : undefined
      if (made !== undefined) sink.chunk(made)
    }

    return {
      chunk: (bytes) => pass(reader.feed(bytes)),
      end: () => {
        pass(reader.end())
        if (ending === undefined) {
          const { message } = AnswerFailure.cutOff
          return sink.fail(Cause.fail(new ProviderFailed({ provider, reason: "unreachable", detail: message })))
        }
        if (ending === "answered") { for (const made of making.last) sink.chunk(made) }
        return sink.end()
      },
      fail: (cause) => sink.fail(cause)
    }
  })
}

/**
 * The parts of which a source makes its bytes, for who would read them off these. On the source itself: a `WeakMap` would keep
 * each, and its stream with it, until the next collection of all garbage.
 */
const made: unique symbol = Symbol.for("strata/kernel/dialects/Translation/made")

type MadeOfParts = Source & { readonly [made]?: ByteSource.ByteSource<ProviderFailed, Parts> }

/** The parts that a source has made its bytes of; undefined: it made none. Of the two one is read. */
export const partsBehind = (source: MadeOfParts) => source[made]

/** The response of which an answer's text is made. Who changes the answer gives it another text. */
const written: unique symbol = Symbol.for("strata/kernel/dialects/Translation/written")

type WrittenAnswer = WireResponse & { readonly [written]?: { readonly text: string; readonly response: ChatResponse } }

/** The response of which an answer was made, for who would read it off its text; undefined: it was made of none. */
export const responseBehind = ({ body, [written]: behind }: WrittenAnswer): ChatResponse | undefined =>
  behind?.text === body ? behind?.response : undefined

/** Takes the frames of a vendor's stream, and gives those of the client's. */
const translateStream = (source: Source, passage: Passage): Source => {
  const { client, options } = passage
  const translated = readStream(source, passage, (): Making<Uint8Array> => {
    const { add } = client.lower.stream(options)
    return {
      of: (parts) => {
        const frames = parts.flatMap(add)
        return frames.length > 1 ? Buffer.concat(frames) : frames[0]
      },
      last: lastOf(client)
    }
  })
  return Object.assign(translated, { [made]: readStream<Parts>(source, passage, () => ({ of: identity, last: [] })) })
}

/** A failure under a status that says nothing of it. */
const failureUnder = (
  json: unknown,
  passage: Passage,
  headers: WireResponse["headers"]
): ProviderRejected | undefined => {
  const value = passage.vendor.failureIn({ json, frames: undefined })
  if (value === undefined) return undefined
  const status = LlmErrors.statusOf(passage.vendor.errors.raise(0, value).kind)
  const text = JSON.stringify(value)
  return rejectedFor(passage, new ProviderRejected({ provider: passage.provider, status, headers, text }))
}

/** A recording has parsed it already. */
const raiseBody = (
  body: WholeBody,
  passage: Passage,
  headers: WireResponse["headers"],
  recording: Recording | undefined
) => {
  const text = textOf(body)
  const json = recording === undefined ? parse(text) : recording.parse(text)
  const failure = failureUnder(json, passage, headers)
  if (failure !== undefined) return Result.fail<ProviderError>(failure)
  return passage.vendor.raise.response(json, passage.model).pipe(
    Result.map((response) => whole(response, passage)),
    Result.mapError(({ message }): ProviderError => invalid(passage, message))
  )
}

/** What a stream adds up to. */
const collected = (source: ByteSource.ByteSource<ProviderFailed>, passage: Passage) =>
  Effect.flatMap(ByteCollector.collect(source), (bytes): Effect.Effect<ChatResponse, ProviderError> => {
    const reader = new PartReader(passage.vendor, passage.model)
    const parts = [...reader.feed(bytes), ...reader.end()]
    const last = parts.findLast((part) => part.type === "response" || part.type === "error")
    if (last?.type === "response") return Effect.succeed(whole(last.response, passage))
    if (last?.type !== "error") return Effect.fail(invalid(passage, "it broke off"))
    const status = LlmErrors.statusOf(last.failure.kind)
    const rejected = { provider: passage.provider, status, headers: {}, text: JSON.stringify(last.error) }
    return Effect.fail(rejectedFor(passage, new ProviderRejected(rejected)))
  })

const bodyType: ReadonlySet<string> = new Set(["content-type", "content-length", "cache-control"])

/** The vendor's headers that concern the client, and what the answer has less of than was asked for. */
export const headersOf = (
  { headers }: Pick<WireResponse, "headers">,
  { degradations }: Pick<Passage, "degradations">
): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !bodyType.has(name))),
  ...DegradationHeader.of(degradations)
})

/** A response as the client wants it, whole or as a stream. */
export const wholeFor = (
  response: ChatResponse,
  status: number,
  headers: WireResponse["headers"],
  passage: Passage
): WireResponse => {
  const dialect = DialectStream.of(passage.client)
  if (passage.stream) return Bytes.events(status, ByteSource.fromChunks(framesOf(response, passage)), headers, dialect)
  const body: Schema.JsonObject = passage.client.lower.response(response)
  const text = JSON.stringify(body)
  const answer: WrittenAnswer = { ...Bytes.json(status, text, headers), dialect, [written]: { text, response } }
  return answer
}

/** What a vendor's answer says, however it came. */
export const responseOf = (answer: WireResponse, passage: Passage): Effect.Effect<ChatResponse, ProviderError> =>
  Bytes.isStreamed(answer)
    ? collected(answer.body, passage)
    : Effect.flatMap(
      CurrentRecording,
      (recording) =>
        Effect.fromResult(raiseBody(answer.body as WholeBody, passage, headersOf(answer, passage), recording))
    )

/** A vendor's answer as the client reads it; it comes as the client wants it, whole or as a stream, however it came. */
export const answerFor = (answer: WireResponse, passage: Passage): Effect.Effect<WireResponse, ProviderError> => {
  const headers = headersOf(answer, passage)
  if (Bytes.isStreamed(answer) && passage.stream) {
    const source = translateStream(answer.body, passage)
    return Effect.succeed(Bytes.events(answer.status, source, headers, DialectStream.of(passage.client)))
  }
  return Effect.map(
    responseOf(answer, passage),
    (response) => wholeFor(response, answer.status, headers, passage)
  )
}
