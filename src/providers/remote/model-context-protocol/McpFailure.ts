/** How an MCP server fails, in the words of the tool contract. */
import { Predicate } from "effect"
import * as PublicAddresses from "../../../kernel/client/PublicAddresses.ts"
import { ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"

/** Codes of JSON-RPC that the library gives of itself, and no server. */
const closed = -32000
const timedOut = -32001

/** Longest message that is repeated. */
const longest = 500

const causes = (error: unknown): ReadonlyArray<Error> => error instanceof Error ? [error, ...causes(error.cause)] : []

const codeOf = (error: unknown): unknown => Predicate.hasProperty(error, "code") ? error.code : undefined

const reasonOf = (error: unknown): ToolCallFailed["reason"] => {
  if (PublicAddresses.refusalIn(error) !== undefined) return "address_refused"
  const names = new Set(causes(error).map(({ name }) => name))
  if (names.has("MessageTooLong")) return "too_large"
  const code = codeOf(error)
  if (code === 401 || code === 403 || names.has("UnauthorizedError")) return "unauthenticated"
  // An answer of the server that says no, and says why.
  if (Predicate.isNumber(code) && code < 0 && code !== closed && code !== timedOut) return "rejected"
  return code === timedOut ? "timeout" : "unreachable"
}

/** `last`: what the connection told of itself before. */
export const of = (
  provider: string,
  tool: string | null,
  error: unknown,
  last: string | undefined
): ToolCallFailed => {
  const reason = reasonOf(error)
  const messages = causes(error).map(({ message }) => message).filter((message) => message !== "")
  const own = [...new Set(messages)].join(": ") || String(error)
  const detail = reason !== "unreachable" || last === undefined || own.includes(last) ? own : `${own}; ${last}`
  return new ToolCallFailed({
    provider,
    tool,
    reason: /more than \d+ bytes/.test(detail) && reason === "unreachable" ? "too_large" : reason,
    detail: detail.slice(0, longest)
  })
}
