/** `/api/chat` of Ollama, as one value. */
import type { Dialect } from "../Dialect.ts"
import { ndjson } from "../framing/Ndjson.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as OllamaEnding from "./OllamaEnding.ts"
import * as OllamaErrors from "./OllamaErrors.ts"
import * as OllamaSummary from "./OllamaSummary.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import * as RunOptions from "./RunOptions.ts"
import { dialect } from "./Wire.ts"
import { conversation } from "./WireConversation.ts"

export const ollama: Dialect = {
  name: dialect,
  framing: ndjson,
  path: () => "/api/chat",
  ...OllamaEnding.streamEnd,
  failureOf: OllamaEnding.failureOf,
  failureIn: OllamaEnding.failureIn,
  lower: {
    request: LowerRequest.lower,
    takes: RunOptions.own,
    response: LowerResponse.lower,
    stream: LowerStream.make
  },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: { envelope: OllamaErrors.envelope, raise: OllamaErrors.raise, frame: OllamaErrors.frame },
  summary: { request: OllamaSummary.ofRequest, answer: OllamaSummary.ofAnswer },
  conversation
}
