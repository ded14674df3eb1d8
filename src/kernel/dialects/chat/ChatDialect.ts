/** Chat completions, OpenAI's dialect that most vendors speak, as one value. */
import type { Schema } from "effect"
import { field } from "../../../events/types/JsonAccess.ts"
import * as StreamDialect from "../../bytes/StreamDialect.ts"
import type { Dialect } from "../Dialect.ts"
import * as BodyAsStream from "./BodyAsStream.ts"
import * as ChatEnding from "./ChatEnding.ts"
import * as ChatErrors from "./ChatErrors.ts"
import * as ChatSummary from "./ChatSummary.ts"
import { doneFrame } from "./DoneFrame.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import { ChatCompletionRequest } from "./Wire.ts"
import { conversation } from "./WireConversation.ts"

export const chat: Dialect = {
  name: "chat",
  path: () => "/chat/completions",
  ...doneFrame,
  endingOf: ChatEnding.endingOf,
  failureOf: ChatEnding.failureOf,
  failureIn: ChatEnding.failureIn,
  bodyAsStream: BodyAsStream.frames,
  requestSchema: ChatCompletionRequest as unknown as Schema.Codec<unknown, unknown>,
  asksForSeveral: ({ n }) => typeof n === "number" && n > 1,
  streamOptions: ({ stream_options }) => ({ includeUsage: field(stream_options, "include_usage") === true }),
  lower: {
    request: LowerRequest.lower,
    withUsage: LowerRequest.withUsage,
    response: LowerResponse.lower,
    stream: LowerStream.make
  },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: {
    envelope: (failure) => ({ ...ChatErrors.envelope(failure) }),
    raise: ChatErrors.raise,
    frame: StreamDialect.plain.errorFrame
  },
  summary: { request: ChatSummary.ofRequest, answer: ChatSummary.ofAnswer },
  conversation
}

/** As OpenAI itself has it, which most others that speak it have less of. */
export const openAiChat: Dialect = { ...chat, lower: { ...chat.lower, customTools: true } }
