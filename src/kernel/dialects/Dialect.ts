/** A dialect: one wire format of conversations. Generic code knows this, and no dialect by name. */
import type { Result, Schema } from "effect"
import type { StreamDialect } from "../bytes/StreamDialect.ts"
import type { AnswerJudge } from "../calls/AnswerFailure.ts"
import type { Answer } from "../calls/Call.ts"
import type { Envelope } from "../calls/VendorError.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ChatResponse, Degradation } from "../messages/ChatResponse.ts"
import type { LlmFailure } from "../messages/LlmFailure.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import type { TokenCount } from "../messages/TokenCount.ts"
import type { Usage } from "../messages/Usage.ts"
import type { NotOfDialect } from "./NotOfDialect.ts"
import type { StreamEnd } from "./sse/EndOfStream.ts"
import type { SseFrame } from "./sse/SseFrame.ts"

/** A request on the wire. */
export interface WireRequest {
  readonly body: Schema.JsonObject
  /** What the dialect can't say, and what is sent instead. */
  readonly degradations: ReadonlyArray<Degradation>
}

/** A streamed answer on the wire. */
export interface StreamLowerer {
  /** The frames of a part; a failure's included, and the last frame (`[DONE]` …) never. */
  readonly add: (part: StreamPart) => ReadonlyArray<Uint8Array>
}

/** From the canonical model to the wire. */
export interface Lower {
  /** Fails where the vendor could not answer what is asked: `param` names the canonical field. */
  readonly request: (request: ChatRequest) => Result.Result<WireRequest, NotOfDialect>
  /** It takes blocks of every dialect as they are. Absent: those that it has a form for. */
  readonly keepsBlocks?: true
  /** Its vendors have tools that take text, and no JSON. Absent: they are told of a function with one text. */
  readonly customTools?: true
  /** Fields of its vendors that it takes as they stand, whatever the dialect of who says them; absent: none. */
  readonly takes?: ReadonlySet<string>
  /**
   * What a streamed request asks besides, where its client speaks another dialect and can't say it: usage, which the log
   * and other dialects' answers have. Absent: a stream says it unasked.
   */
  readonly withUsage?: (body: Schema.JsonObject) => Schema.JsonObject
  readonly response: (response: ChatResponse) => Schema.JsonObject
  readonly stream: (options?: StreamOptions) => StreamLowerer
}

/** What a client asked of a stream. */
export interface StreamOptions {
  /** Of chat completions: a chunk with the usage at the end. Default true. */
  readonly includeUsage?: boolean
}

/** Takes a stream's frames one by one. */
export interface StreamRaiser {
  readonly add: (frame: SseFrame) => ReadonlyArray<StreamPart>
  /** What is left when the stream has ended; of a stream that held an answer, at last all of it. */
  readonly end: () => ReadonlyArray<StreamPart>
}

/** From the wire to the canonical model; `producer` is the model that answers. */
export interface Raise {
  readonly request: (body: unknown) => Result.Result<ChatRequest, NotOfDialect>
  /**
   * A request for a vendor of another dialect: what is left to this one's own vendors, and others have a form for, in that
   * form. Absent: it is the same.
   */
  readonly forOthers?: (request: ChatRequest) => ChatRequest
  readonly response: (body: unknown, producer?: string) => Result.Result<ChatResponse, NotOfDialect>
  readonly stream: (producer?: string) => StreamRaiser
}

export interface Errors {
  readonly envelope: Envelope
  /** What a vendor's error says: `body` is the JSON of an answer, or of an error within a stream. */
  readonly raise: (status: number, body: unknown) => LlmFailure
  /** Seconds to wait, where a vendor says so in its error's body; absent: its headers say all. */
  readonly retryAfter?: (body: unknown) => number | undefined
  /** The body of a refusal, where its headers say what it is; absent: the body says all. */
  readonly typed?: (text: string, headers: Readonly<Record<string, string>>) => string
  /** The frame that says in mid-stream that it failed: with an envelope. */
  readonly frame: (envelope: unknown) => Uint8Array
}

/** What is said of an answer at default level. */
export interface AnswerSummary {
  readonly response_id: string | null
  readonly response_model: string | null
  readonly finish_reason: string | null
  readonly usage: Usage | null
}

export interface Summary {
  readonly request: (body: unknown) => {
    readonly stream: boolean
    readonly message_count: number
    readonly tool_count: number
  }
  /** Of a JSON body, or of a stream's frames. */
  readonly answer: (answer: Answer) => AnswerSummary
}

/** What the model is to know besides. */
export interface AddedContext {
  readonly text: string
  readonly role: "system" | "user" | "assistant"
  /** Within the last message, where that is a tool's result. */
  readonly append_to_last_tool_result: boolean
}

/** A message as it stands on the wire. */
export type WireMessage = Schema.JsonObject

export interface WireAnswer {
  readonly message: WireMessage
  readonly finish_reason: string | null
}

/** A conversation as it stands on the wire: what sessions read off requests and answers, and what forks change. */
export interface WireConversation {
  /** What a request carries; null where it carries none. */
  readonly messages: (request: Schema.JsonObject) => ReadonlyArray<WireMessage> | null
  /** The first answer of a body, or of a stream's text. */
  readonly answer: (text: string, streamed: boolean) => WireAnswer | undefined
  /** Ids of the tool calls in a message. */
  readonly toolCalls: (message: WireMessage) => ReadonlyArray<string>
  /** Ids of the tool calls that a message has results of. */
  readonly toolResults: (message: WireMessage) => ReadonlyArray<string>
  /** The message with the content of its results replaced, where there is one by the call's id. */
  readonly replaceToolResults: (message: WireMessage, contents: Readonly<Record<string, string>>) => WireMessage
  readonly toolResult: (id: string, content: string) => WireMessage
  /** A request with more context behind its last message, or within it. */
  readonly addContext: (request: Schema.JsonObject, context: AddedContext) => Schema.JsonObject
  /** A request with another conversation and another model. */
  readonly request: (
    before: Schema.JsonObject | undefined,
    model: string,
    messages: ReadonlyArray<WireMessage>
  ) => Schema.JsonObject
}

/** How its vendors count the tokens of a request before it is answered. */
export interface TokenCounting {
  /** Where, from their base URL on. */
  readonly path: (model: string) => string
  /** What is sent, of a request as `lower` writes it. */
  readonly lower: (body: Schema.JsonObject, model: string) => Schema.JsonObject
  /** `headers`: of the answer, where there are any. */
  readonly raise: (
    body: unknown,
    headers?: Readonly<Record<string, string | undefined>>
  ) => Result.Result<TokenCount, NotOfDialect>
  /** As its clients read it. */
  readonly answer: (count: TokenCount) => Schema.JsonObject
}

export interface Dialect extends StreamEnd, AnswerJudge {
  readonly name: string
  /** As OpenTelemetry GenAI names what is asked in it. Absent: `chat`. */
  readonly operation?: "chat" | "text_completion"
  /** The value by which an answer says that it failed, whatever its status. */
  readonly failureIn: NonNullable<StreamDialect["failureIn"]>
  /** A whole answer as a stream that says the same, its last frame included; undefined for what is no answer. */
  readonly bodyAsStream?: (text: string) => ReadonlyArray<Uint8Array> | undefined
  /** Where its vendors answer, from their base URL on. */
  readonly path: (request: { readonly model: string; readonly stream: boolean }) => string
  /** A request on the wire; absent: what can be raised. */
  readonly requestSchema?: Schema.Codec<unknown, unknown>
  /** Its vendors sign calls of tools, and want the signatures back: those that a client drops are restored. */
  readonly signsCalls?: boolean
  /** Whether a request asks for several answers at once, which only its own vendors give. Absent: none does. */
  readonly asksForSeveral?: (body: Schema.JsonObject) => boolean
  /** What a client's request asks of its stream; absent: nothing. */
  readonly streamOptions?: (body: Schema.JsonObject) => StreamOptions
  readonly lower: Lower
  readonly raise: Raise
  readonly errors: Errors
  readonly summary: Summary
  readonly conversation: WireConversation
  /** Absent: they do not count. */
  readonly countTokens?: TokenCounting
}
