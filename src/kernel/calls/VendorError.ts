/** How a call to a vendor failed: in no dialect's form, and in one line for people. */
import type { Schema } from "effect"
import type { HttpClientError } from "effect/http"
import type { FailureKind } from "../messages/LlmFailure.ts"

export interface Failure {
  readonly message: string
  /** The status it is answered with. */
  readonly status?: number
  readonly kind?: FailureKind
  readonly type?: string
  readonly param?: string | null
  readonly code?: string | null
}

/** A failure as the clients of a dialect read it. */
export type Envelope = (failure: Failure) => Schema.JsonObject

/** Of a host with several addresses, what went wrong at each. */
const messageOf = (cause: Error): string => {
  if (cause.message !== "") return cause.message
  const each = cause instanceof AggregateError ? cause.errors.filter((error) => error instanceof Error) : []
  return each.length === 0 ? cause.name : each.map(messageOf).join("; ")
}

/** A description stands for itself: so a replay can say again what was recorded. */
export const describe = ({ reason }: HttpClientError.HttpClientError): string => {
  if (reason.description !== undefined) return reason.description
  const { cause } = reason
  if (!(cause instanceof Error)) return reason.message
  const code = "code" in cause && typeof cause.code === "string" ? `${cause.code}: ` : ""
  return `${code}${messageOf(cause)}`
}
