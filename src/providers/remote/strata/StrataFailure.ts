/** What another Strata says where it refuses: its words, its code, its status; in its envelope or in OGX's. */
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"

export interface StrataFailure {
  /** Undefined: it has not answered. */
  readonly status: number | undefined
  readonly code: string | undefined
  readonly message: string
  readonly reason: "unreachable" | "timeout" | "invalid_answer" | "rejected" | "unauthenticated"
}

export const of = (error: ProviderError): StrataFailure => {
  if (error._tag === "ProviderFailed") {
    const { detail: message, reason } = error
    return { status: undefined, code: undefined, message, reason: reason === "not_recorded" ? "unreachable" : reason }
  }
  const { status, text } = error
  const body = parse(text)
  const refusal = field(body, "error")
  const message = textOrNull(field(refusal, "message")) ?? textOrNull(field(body, "detail"))
  return {
    status,
    code: textOrNull(field(refusal, "code")) ?? undefined,
    message: message ?? `it answered ${status}`,
    reason: "rejected"
  }
}
