/** Google's Interactions as one value; and in the form that they had before June 2026, which some clients still read. */
import type { Dialect } from "../Dialect.ts"
import * as Ending from "./Ending.ts"
import * as Errors from "./Errors.ts"
import * as LowerRequest from "./LowerRequest.ts"
import * as LowerResponse from "./LowerResponse.ts"
import * as LowerStream from "./LowerStream.ts"
import * as RaiseRequest from "./RaiseRequest.ts"
import * as RaiseResponse from "./RaiseResponse.ts"
import * as RaiseStream from "./RaiseStream.ts"
import * as Summary from "./Summary.ts"
import { conversation } from "./WireConversation.ts"

const written = (form: LowerResponse.Form): Dialect => ({
  name: "interactions",
  signsCalls: true,
  path: () => "/interactions",
  ...Ending.streamEnd,
  failureOf: Ending.failureOf,
  failureIn: Ending.failureValueIn,
  lower: { request: LowerRequest.lower, response: LowerResponse.lower(form), stream: LowerStream.make(form) },
  raise: { request: RaiseRequest.raise, response: RaiseResponse.raise, stream: RaiseStream.make },
  errors: { envelope: Errors.envelope, raise: Errors.raise, frame: Errors.frame },
  summary: { request: Summary.ofRequest, answer: Summary.ofAnswer },
  conversation
})

/** Reads both forms, writes steps. */
export const interactions: Dialect = written("steps")

/** Reads both forms, writes outputs. */
export const earlierInteractions: Dialect = written("outputs")
