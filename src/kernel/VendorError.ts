/** Why a vendor could not be reached, in one line for people. */
import type { HttpClientError } from "effect/http"

/** A description stands for itself: so a replay can say again what was recorded. */
export const describe = ({ reason }: HttpClientError.HttpClientError): string => {
  if (reason.description !== undefined) return reason.description
  const { cause } = reason
  if (!(cause instanceof Error)) return reason.message
  const code = "code" in cause && typeof cause.code === "string" ? `${cause.code}: ` : ""
  return cause.message === "" ? `${code}${cause.name}` : `${code}${cause.message}`
}
