/** A hook: what it wants to see, and what it says of that. */
import { Cause, Duration, Effect, Schema } from "effect"
import type { Exit } from "effect"
import { NoResult, withinTime } from "../provider/WithinTime.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Failed } from "./HookEvents.ts"
import { HookResult } from "./HookResult.ts"

/** What a hook is asked about. */
export interface HookEvent {
  /** `llm:request`, `llm:response` … */
  readonly type: string
  /** Frozen: a hook changes it by giving other data. */
  readonly data: Schema.JsonObject
  /** What the data does not say: the provider, the model as the client named it … */
  readonly attributes: Readonly<Record<string, string | boolean>>
  /** Null outside of requests. */
  readonly requestId: string | null
  readonly sessionId: string | null
}

export interface Hook {
  /** For people: it stands in events and errors. */
  readonly name: string
  /** An exact type (`llm:request`), or a prefix that ends in `*` (`llm:*`, `*`). */
  readonly pattern: string
  /** Lower is asked first; equals in the order they were registered. Default 0. */
  readonly priority?: number
  /** How long it may take each time; default that of the server. */
  readonly timeout?: Duration.Input
  /** What its failure means: `open`: continue; `closed`: deny. Default open. */
  readonly onFailure?: "open" | "closed"
  /** Nothing is as good as continue. It is interrupted with the request. */
  readonly handler: (event: HookEvent) => Effect.Effect<HookResult | void, unknown>
}

export interface Limits {
  readonly timeout: Duration.Input
  /** Longest context one hook may inject, in characters. */
  readonly maxContextCharacters: number
}

/** Why a hook gave no result. */
export type Failure = Pick<typeof Failed.payload.Type, "reason" | "message">

/** What is wrong with data a hook gave; undefined: nothing. */
export type Check = (data: Schema.JsonObject) => string | undefined

const decodeResult = Schema.decodeUnknownResult(HookResult)

const invalid = (message: string): Failure => ({ reason: "invalid_result", message: message.slice(0, 500) })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500)

const failureOf = (cause: Cause.Cause<unknown>): Failure => {
  const error = Cause.squash(cause)
  return error instanceof NoResult
    ? { reason: error.reason, message: error.message }
    : { reason: "error", message: messageOf(error) }
}

const checked = (value: unknown, limits: Limits, check: Check): HookResult | Failure => {
  if (value === undefined) return { action: "continue" }
  const decoded = decodeResult(value)
  if (decoded._tag === "Failure") return invalid(decoded.failure.message)
  const result = decoded.success
  if (result.action === "inject_context" && result.context_injection.length > limits.maxContextCharacters) {
    return invalid(
      `context_injection has ${result.context_injection.length} characters, more than ${limits.maxContextCharacters}: ` +
        "shorten it, or raise hooks.max_context_characters"
    )
  }
  if (result.action !== "modify") return result
  const wrong = check(result.data)
  return wrong === undefined ? result : invalid(`data: ${wrong}`)
}

/** Never fails. What a hook does besides is not recorded as the request's: no replay would do it again. */
export const run = (
  hook: Hook,
  event: HookEvent,
  limits: Limits,
  check: Check
): Effect.Effect<HookResult | Failure> => {
  const limit = Duration.fromInputUnsafe(hook.timeout ?? limits.timeout)
  return withinTime(Effect.suspend(() => hook.handler(event)), { limit, late: "no result" }).pipe(
    Effect.provideService(CurrentRecording, undefined),
    Effect.exit,
    Effect.map((exit: Exit.Exit<unknown, unknown>) =>
      exit._tag === "Success" ? checked(exit.value, limits, check) : failureOf(exit.cause)
    )
  )
}
