/** The Messages API, Anthropic's dialect, as one value: for its vendors and for its clients. */
import type { Dialect } from "../Dialect.ts"
import * as AnthropicEnding from "./AnthropicEnding.ts"
import * as AnthropicErrors from "./AnthropicErrors.ts"
import * as AnthropicSummary from "./AnthropicSummary.ts"
import { countTokens } from "./CountTokens.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import { stopFrame } from "./StopFrame.ts"
import { conversation } from "./WireConversation.ts"
import { dialect } from "./WireFields.ts"

export const anthropic: Dialect = {
  name: dialect,
  path: () => "/messages",
  ...stopFrame,
  endingOf: AnthropicEnding.endingOf,
  failureOf: AnthropicEnding.failureOf,
  failureIn: AnthropicEnding.failureIn,
  lower: {
    request: LowerRequest.lower,
    takes: LowerRequest.taken,
    response: LowerResponse.lower,
    stream: LowerStream.make
  },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: { envelope: AnthropicErrors.envelope, raise: AnthropicErrors.raise, frame: AnthropicErrors.frame },
  summary: { request: AnthropicSummary.ofRequest, answer: AnthropicSummary.ofAnswer },
  conversation,
  countTokens
}
