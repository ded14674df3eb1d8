/** Converse and ConverseStream of Amazon Bedrock, as one value. */
import type { Dialect } from "../Dialect.ts"
import { eventStream } from "../framing/EventStream.ts"
import * as BedrockEnding from "./BedrockEnding.ts"
import * as BedrockErrors from "./BedrockErrors.ts"
import * as BedrockSummary from "./BedrockSummary.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import { dialect } from "./Wire.ts"
import { conversation } from "./WireConversation.ts"

export const bedrock: Dialect = {
  name: dialect,
  framing: eventStream,
  path: ({ model, stream }) => `/model/${encodeURIComponent(model)}/${stream ? "converse-stream" : "converse"}`,
  ...BedrockEnding.streamEnd,
  failureOf: BedrockEnding.failureOf,
  failureIn: BedrockEnding.failureIn,
  lower: {
    request: LowerRequest.lower,
    takes: LowerRequest.own,
    response: LowerResponse.lower,
    stream: LowerStream.make
  },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: {
    envelope: BedrockErrors.envelope,
    raise: BedrockErrors.raise,
    typed: BedrockErrors.typed,
    frame: BedrockErrors.frame
  },
  summary: { request: BedrockSummary.ofRequest, answer: BedrockSummary.ofAnswer },
  conversation
}
