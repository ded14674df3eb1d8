/** What a decision means to who has to keep to it. */
import { assert, describe, it } from "@effect/vitest"
import type { HookDecision } from "../../../src/kernel/hooks/HookDecision.ts"
import { isSilent, refusal } from "../../../src/kernel/hooks/HookDecision.ts"
import { decide } from "../../../src/kernel/hooks/HookDispatch.ts"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"

const of = (result: HookResult): HookDecision => decide({}, [{ hook: "h", result }])
const ask = (approval_default: "allow" | "deny"): HookResult => ({
  action: "ask_user",
  approval_prompt: "Send it?",
  approval_default
})

const refusals: ReadonlyArray<{ readonly name: string; readonly result: HookResult; readonly reason?: string }> = [
  { name: "continue", result: { action: "continue" } },
  { name: "modify", result: { action: "modify", data: {} } },
  { name: "inject_context", result: { action: "inject_context", context_injection: "x" } },
  { name: "deny", result: { action: "deny", reason: "it has a key in it" }, reason: "it has a key in it" },
  { name: "deny without a reason", result: { action: "deny" }, reason: "it gave no reason" },
  { name: "ask_user that allows by default", result: ask("allow") },
  {
    name: "ask_user that denies by default",
    result: ask("deny"),
    reason: "it asks for an approval (Send it?); there is no approval system to ask, so its default counts: deny"
  }
]

const silences: ReadonlyArray<{ readonly name: string; readonly decision: HookDecision; readonly silent: boolean }> = [
  { name: "continue", decision: of({ action: "continue" }), silent: true },
  { name: "continue with a message", decision: of({ action: "continue", user_message: "m" }), silent: false },
  { name: "deny", decision: of({ action: "deny" }), silent: false },
  { name: "modify", decision: of({ action: "modify", data: {} }), silent: false },
  {
    name: "what was ignored",
    decision: decide({}, [{ hook: "h", result: { action: "deny" } }], []),
    silent: false
  }
]

describe("HookDecision", () => {
  it.each(refusals)("refuses or not: $name", ({ reason, result }) => {
    assert.strictEqual(refusal(of(result)), reason)
  })

  it.each(silences)("is worth telling or not: $name", ({ decision, silent }) => {
    assert.strictEqual(isSilent(decision), silent)
  })
})
