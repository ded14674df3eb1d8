/** `generateContent` and `streamGenerateContent` of the Gemini API, which Vertex AI speaks too, as one value. */
import type { Dialect } from "../Dialect.ts"
import { countTokens } from "./CountTokens.ts"
import * as Ending from "./Ending.ts"
import * as Errors from "./Errors.ts"
import * as Logprobs from "./Logprobs.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import { path } from "./ModelPath.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import * as Summary from "./Summary.ts"
import { conversation } from "./WireConversation.ts"

export const gemini: Dialect = {
  name: "gemini",
  signsCalls: true,
  path,
  ...Ending.streamEnd,
  failureOf: Ending.failureOf,
  failureIn: Ending.failureIn,
  lower: {
    request: LowerRequest.lower,
    takes: Logprobs.taken,
    response: LowerResponse.lower,
    stream: LowerStream.make
  },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: { envelope: Errors.envelope, raise: Errors.raise, retryAfter: Errors.retryDelay, frame: Errors.frame },
  summary: { request: Summary.ofRequest, answer: Summary.ofAnswer },
  conversation,
  countTokens
}
