/** OpenAI's Responses as one value. */
import { envelope } from "../../http/HttpErrors.ts"
import { doneFrame } from "../chat/DoneFrame.ts"
import type { Dialect } from "../Dialect.ts"
import * as CustomTool from "./CustomTool.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import * as ResponsesEnding from "./ResponsesEnding.ts"
import * as ResponsesErrors from "./ResponsesErrors.ts"
import * as ResponsesSummary from "./ResponsesSummary.ts"
import { conversation } from "./WireConversation.ts"

/**
 * Open Responses ends its streams with `[DONE]`, and OpenAI's client takes it; OpenAI itself ends them with the event that
 * carries the whole response, which is told from others by its type alone.
 */
export const responses: Dialect = {
  name: "responses",
  path: () => "/responses",
  ...doneFrame,
  endingOf: ResponsesEnding.endingOf,
  isFinished: ResponsesEnding.isFinished,
  failureOf: ResponsesEnding.failureOf,
  failureIn: ResponsesEnding.failureValueIn,
  lower: { request: LowerRequest.lower, customTools: true, response: LowerResponse.lower, stream: LowerStream.make },
  raise: {
    request: RaiseRequest.raise,
    forOthers: CustomTool.raise,
    response: RaiseResponse.raise,
    stream: RaiseStream.make
  },
  errors: {
    envelope: ({ message, ...details }) => ({ ...envelope(message, details) }),
    raise: ResponsesErrors.raise,
    frame: ResponsesErrors.frame
  },
  summary: { request: ResponsesSummary.ofRequest, answer: ResponsesSummary.ofAnswer },
  conversation
}

const { customTools: _, ...lower } = responses.lower

/** As most others than OpenAI have it: without tools that take text. */
export const compatibleResponses: Dialect = { ...responses, lower }
