/** What a hook may give, field by field. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { HookResult } from "../../../src/kernel/hooks/HookResult.ts"

const shared = {
  user_message: "m",
  user_message_level: "warning",
  user_message_source: "s",
  suppress_output: true
}

const valid: ReadonlyArray<readonly [name: string, value: object]> = [
  ["continue", { action: "continue", ...shared }],
  ["deny", { action: "deny", reason: "r", ...shared }],
  ["modify", { action: "modify", data: { a: [1, null] }, ...shared }],
  ["inject_context", {
    action: "inject_context",
    context_injection: "c",
    context_injection_role: "assistant",
    ephemeral: true,
    append_to_last_tool_result: true,
    ...shared
  }],
  ["ask_user", {
    action: "ask_user",
    approval_prompt: "p",
    approval_options: ["Yes"],
    approval_timeout: 0.5,
    approval_default: "allow",
    ...shared
  }],
  ["inject_context, at its shortest", { action: "inject_context", context_injection: "c" }],
  ["ask_user, at its shortest", { action: "ask_user", approval_prompt: "p" }]
]

const invalid: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["no object", "deny"],
  ["no action", {}],
  ["an unknown action", { action: "allow" }],
  ["modify without data", { action: "modify" }],
  ["modify with null", { action: "modify", data: null }],
  ["modify with what is no JSON", { action: "modify", data: { a: undefined } }],
  ["inject_context without a text", { action: "inject_context" }],
  ["inject_context with an empty text", { action: "inject_context", context_injection: "" }],
  ["an unknown role", { action: "inject_context", context_injection: "c", context_injection_role: "tool" }],
  ["ask_user without a prompt", { action: "ask_user" }],
  ["ask_user without options", { action: "ask_user", approval_prompt: "p", approval_options: [] }],
  ["ask_user without time", { action: "ask_user", approval_prompt: "p", approval_timeout: 0 }],
  ["an unknown level", { action: "continue", user_message: "m", user_message_level: "debug" }]
]

const decode = Schema.decodeUnknownExit(HookResult)

describe("HookResult", () => {
  it.each(valid)("may be %s", (_, value) => {
    const decoded = decode(value)
    assert.deepStrictEqual<unknown>(decoded._tag === "Success" ? decoded.value : decoded, value)
  })

  it.each(invalid)("is not %s", (_, value) => {
    assert.strictEqual(decode(value)._tag, "Failure")
  })
})
