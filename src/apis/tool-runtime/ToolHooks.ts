/** Asks the hooks about a call of a tool before it is made, and about its result: `tool:request`, `tool:response`. */
import { Effect, Schema } from "effect"
import type { HookDecision } from "../../kernel/hooks/HookDecision.ts"
import { refusal } from "../../kernel/hooks/HookDecision.ts"
import type { Honoured } from "../../kernel/hooks/HookDispatch.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { ToolDenied } from "../../kernel/tools/ToolFailure.ts"

export const request = "tool:request"
export const response = "tool:response"

/** What is injected is for a conversation: who runs one asks about that. */
const honours: Honoured = ["deny", "ask_user", "modify"]

export interface Subject {
  readonly tool: string
  readonly group: string
  readonly provider: string
}

const refuse = (decision: HookDecision, tool: string, subject: ToolDenied["subject"]) => {
  const reason = refusal(decision)
  return reason === undefined
    ? Effect.void
    : Effect.fail(new ToolDenied({ tool, hook: decision.hooks.join(", "), subject, reason }))
}

const messageOf = <A>(decoded: { readonly _tag: string } & A): string | undefined =>
  decoded._tag === "Failure" && "failure" in decoded ? String((decoded.failure as Error).message) : undefined

/** A hook may change the arguments; which tool is called stays. */
const Asked = Schema.Struct({ tool: Schema.String, group: Schema.String, arguments: Schema.JsonObject })
const decodeAsked = Schema.decodeUnknownResult(Asked)
const decodeResult = Schema.decodeUnknownResult(ToolCallResult)

/** The arguments as the hooks leave them. */
export const asked = (
  hooks: Hooks["Service"],
  { group, provider, tool }: Subject,
  given: Schema.JsonObject
): Effect.Effect<Schema.JsonObject, ToolDenied> =>
  hooks.wants(request)
    ? Effect.gen(function*() {
      const decision = yield* hooks.emit({
        type: request,
        data: { tool, group, arguments: given },
        provider,
        attributes: { tool, group, provider },
        honours,
        check: (data) => {
          const decoded = decodeAsked(data)
          if (decoded._tag === "Failure") return messageOf(decoded)
          const { success } = decoded
          return success.tool === tool && success.group === group ? undefined : "tool and group stay as they are"
        }
      })
      yield* refuse(decision, tool, "call")
      if (decision.modified_by.length === 0) return given
      return (yield* Effect.orDie(Effect.fromResult(decodeAsked(decision.data)))).arguments
    })
    : Effect.succeed(given)

/** The result as the hooks leave it. */
export const answered = (
  hooks: Hooks["Service"],
  { group, provider, tool }: Subject,
  result: ToolCallResult
): Effect.Effect<ToolCallResult, ToolDenied> =>
  hooks.wants(response)
    ? Effect.gen(function*() {
      const decision = yield* hooks.emit({
        type: response,
        data: result as Schema.JsonObject,
        provider,
        attributes: { tool, group, provider },
        honours,
        check: (data) => messageOf(decodeResult(data))
      })
      yield* refuse(decision, tool, "result")
      if (decision.modified_by.length === 0) return result
      return yield* Effect.orDie(Effect.fromResult(decodeResult(decision.data)))
    })
    : Effect.succeed(result)
