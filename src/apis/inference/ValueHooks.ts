/** Asks the hooks about what is no conversation, before its provider is asked and after: `embedding:request` and others. */
import { Effect, Schema } from "effect"
import { refusal } from "../../kernel/hooks/HookDecision.ts"
import type { HookDecision } from "../../kernel/hooks/HookDecision.ts"
import type { Honoured } from "../../kernel/hooks/HookDispatch.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import { DeniedByHook } from "./Inference.ts"

/** Nobody reads what is injected into it. */
const usual: Honoured = ["deny", "ask_user", "modify"]

const refuse = (decision: HookDecision, subject: DeniedByHook["subject"]) => {
  const reason = refusal(decision)
  return reason === undefined
    ? Effect.void
    : Effect.fail(new DeniedByHook({ hook: decision.hooks.join(", "), subject, reason }))
}

export interface Subject<A> {
  /** `embedding:request` */
  readonly type: string
  readonly subject: DeniedByHook["subject"]
  readonly schema: Schema.Codec<A, unknown>
  /** Who serves the model, and what the client calls it. */
  readonly target: { readonly provider: string; readonly model: string }
  /** What becomes of decisions; default: it may be withheld or replaced. */
  readonly honours?: Honoured
}

/** What the hooks let pass of it, themselves included: unchanged where none wants to know. */
export const passed = <A>(
  hooks: Hooks["Service"],
  { honours = usual, schema, subject, target, type }: Subject<A>,
  value: A
) =>
  hooks.wants(type)
    ? Effect.gen(function*() {
      const decode = Schema.decodeUnknownResult(schema)
      const decision = yield* hooks.emit({
        type,
        data: value as Schema.JsonObject,
        provider: target.provider,
        attributes: { ...target },
        honours,
        check: (data) => {
          const decoded = decode(data)
          return decoded._tag === "Failure" ? decoded.failure.message : undefined
        }
      })
      yield* refuse(decision, subject)
      if (decision.modified_by.length === 0) return value
      return yield* Effect.orDie(Effect.fromResult(decode(decision.data)))
    })
    : Effect.succeed(value)
