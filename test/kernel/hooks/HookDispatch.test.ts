/** What the results of several hooks come to: deny > ask_user > inject_context > modify > continue. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { HookDecision } from "../../../src/kernel/hooks/HookDecision.ts"
import type { Honoured, Step } from "../../../src/kernel/hooks/HookDispatch.ts"
import { decide } from "../../../src/kernel/hooks/HookDispatch.ts"
import { Action } from "../../../src/kernel/hooks/HookEvents.ts"
import { HookResult } from "../../../src/kernel/hooks/HookResult.ts"

const data = { n: 0 }

const proceed: HookResult = { action: "continue" }
const deny: HookResult = { action: "deny", reason: "no" }
const modify = (n: number): HookResult => ({ action: "modify", data: { n } })
const inject = (text: string, more: object = {}): HookResult => ({
  action: "inject_context",
  context_injection: text,
  ...more
})
const ask = (prompt: string, more: object = {}): HookResult => ({
  action: "ask_user",
  approval_prompt: prompt,
  ...more
})

/** The hooks are named a, b, c … in the order they were asked. */
const steps = (results: ReadonlyArray<HookResult>): ReadonlyArray<Step> =>
  results.map((result, index) => ({ hook: "abcdefgh"[index]!, result }))

const context = (text: string, more: object = {}) => ({
  text,
  role: "system",
  ephemeral: false,
  append_to_last_tool_result: false,
  ...more
})

const approval = (prompt: string, more: object = {}) => ({
  prompt,
  options: ["Allow", "Deny"],
  timeout: 300,
  default: "deny",
  answer: "deny",
  answered_by: "default",
  ...more
})

const message = (message: string, source: string, level = "info") => ({ message, level, source })

type Row = readonly [
  name: string,
  results: ReadonlyArray<HookResult>,
  decision: Readonly<Record<string, unknown>>,
  honoured?: Honoured
]

const row = ([name, results, decision, honoured]: Row) => ({ name, results, decision, honoured })

const rows: ReadonlyArray<Row> = [
  ["nobody", [], { action: "continue", hooks: [], data, reason: null, context: null, approval: null }],
  ["continue", [proceed], { action: "continue", hooks: [] }],
  ["deny", [deny], { action: "deny", hooks: ["a"], reason: "no" }],
  ["deny without a reason", [{ action: "deny" }], { action: "deny", hooks: ["a"], reason: null }],
  ["modify", [modify(1)], { action: "modify", hooks: ["a"], modified_by: ["a"], data: { n: 1 } }],
  ["inject_context", [inject("x")], { action: "inject_context", hooks: ["a"], context: context("x"), data }],
  ["ask_user", [ask("?")], { action: "ask_user", hooks: ["a"], approval: approval("?"), reason: null }],

  ["deny over ask_user", [ask("?"), deny], { action: "deny", hooks: ["b"], reason: "no" }],
  ["deny over inject_context, which is dropped", [inject("x"), deny], { action: "deny", hooks: ["b"], context: null }],
  ["deny over modify", [modify(1), deny], { action: "deny", hooks: ["b"], modified_by: ["a"] }],
  ["deny over continue", [proceed, deny], { action: "deny", hooks: ["b"] }],
  ["ask_user over inject_context, which stays", [inject("x"), ask("?")], {
    action: "ask_user",
    hooks: ["b"],
    approval: approval("?"),
    context: context("x")
  }],
  ["ask_user over modify, which stays", [ask("?"), modify(1)], {
    action: "ask_user",
    hooks: ["a"],
    modified_by: ["b"],
    data: { n: 1 }
  }],
  ["ask_user over continue", [ask("?"), proceed], { action: "ask_user", hooks: ["a"] }],
  ["inject_context over modify, which stays", [inject("x"), modify(1)], {
    action: "inject_context",
    hooks: ["a"],
    modified_by: ["b"],
    data: { n: 1 },
    context: context("x")
  }],
  ["inject_context over continue", [proceed, inject("x")], { action: "inject_context", hooks: ["b"] }],
  ["modify over continue", [proceed, modify(1), proceed], { action: "modify", hooks: ["b"], data: { n: 1 } }],

  ["modify, ask_user, inject_context: all three count", [modify(1), ask("?"), inject("x")], {
    action: "ask_user",
    hooks: ["b"],
    modified_by: ["a"],
    data: { n: 1 },
    context: context("x")
  }],
  ["all five: deny", [proceed, modify(1), inject("x"), ask("?"), deny], { action: "deny", hooks: ["e"] }],
  ["the last of two modify", [modify(1), modify(2)], {
    action: "modify",
    hooks: ["a", "b"],
    modified_by: ["a", "b"],
    data: { n: 2 }
  }],
  ["the first of two ask_user", [ask("one?"), ask("two?", { approval_default: "allow" })], {
    action: "ask_user",
    hooks: ["a"],
    approval: approval("one?")
  }],
  ["the first of two deny", [{ action: "deny", reason: "1" }, { action: "deny", reason: "2" }], {
    action: "deny",
    hooks: ["a"],
    reason: "1"
  }],
  ["two inject_context joined, role and lifetime of the first", [
    inject("x", { context_injection_role: "user", ephemeral: true }),
    inject("y", { context_injection_role: "assistant" })
  ], {
    action: "inject_context",
    hooks: ["a", "b"],
    context: context("x\n\ny", { role: "user", ephemeral: true })
  }],
  ["three inject_context, behind the tool's result if one of them says so", [
    inject("x"),
    inject("y", { append_to_last_tool_result: true }),
    inject("z")
  ], { hooks: ["a", "b", "c"], context: context("x\n\ny\n\nz", { append_to_last_tool_result: true }) }],

  ["an approval's own options, time and default", [
    ask("?", { approval_options: ["Yes", "No"], approval_timeout: 5, approval_default: "allow" })
  ], {
    approval: approval("?", { options: ["Yes", "No"], timeout: 5, default: "allow", answer: "allow" })
  }],
  ["messages of all, in order", [
    { action: "continue", user_message: "1" },
    { action: "modify", data, user_message: "2", user_message_level: "error", user_message_source: "guard" },
    { action: "deny", user_message: "3" }
  ], { user_messages: [message("1", "a"), message("2", "guard", "error"), message("3", "c")] }],
  ["suppressed output if one says so", [{ action: "continue", suppress_output: true }, modify(1)], {
    action: "modify",
    suppress_output: true
  }],

  ["nothing of what is not honoured, and who said it", [modify(1), inject("x"), deny], {
    action: "continue",
    data,
    context: null,
    hooks: [],
    modified_by: [],
    ignored: [
      { hook: "a", action: "modify" },
      { hook: "b", action: "inject_context" },
      { hook: "c", action: "deny" }
    ]
  }, []],
  ["what is honoured, beside what is not", [ask("?"), modify(1)], {
    action: "modify",
    data: { n: 1 },
    approval: null,
    ignored: [{ hook: "a", action: "ask_user" }]
  }, ["modify", "deny"]]
]

/** Each of these fields alone, as the contract has it. */
const expected = (results: ReadonlyArray<HookResult>): Partial<HookDecision> => {
  const actions = new Set<string>(results.map(({ action }) => action))
  const first = (["deny", "ask_user", "inject_context", "modify"] as const).find((each) => actions.has(each))
  const changes = results.flatMap((result) => result.action === "modify" ? [result.data] : [])
  return {
    action: first ?? "continue",
    data: changes.at(-1) ?? data,
    modified_by: steps(results).filter(({ result }) => result.action === "modify").map(({ hook }) => hook),
    ignored: []
  }
}

const pick = (decision: HookDecision, like: object) =>
  Object.fromEntries(Object.keys(like).map((key) => [key, Reflect.get(decision, key)]))

describe("HookDispatch decides", () => {
  it.each(rows.map(row))("$name", ({ decision, honoured, results }) => {
    assert.deepStrictEqual(pick(decide(data, steps(results), honoured), decision), { ...decision })
  })

  it.prop(
    "any results as the table says",
    { results: Schema.Array(HookResult).check(Schema.isMaxLength(8)) },
    ({ results }) => {
      const found = decide(data, steps(results))
      const wanted = expected(results)
      assert.deepStrictEqual(pick(found, wanted), wanted)
      const texts = results.flatMap((each) => each.action === "inject_context" ? [each.context_injection] : [])
      const kept = found.action === "deny" || texts.length === 0
      assert.strictEqual(found.context?.text, kept ? undefined : texts.join("\n\n"))
      const asking = results.find((each) => each.action === "ask_user")
      assert.strictEqual(found.approval?.prompt, asking?.action === "ask_user" ? asking.approval_prompt : undefined)
      assert.lengthOf(found.user_messages, results.filter((each) => each.user_message !== undefined).length)
    }
  )

  it.prop(
    "the same action whatever the order",
    { results: Schema.Array(HookResult).check(Schema.isMaxLength(8)) },
    ({ results }) => {
      assert.strictEqual(decide(data, steps(results)).action, decide(data, steps(results.toReversed())).action)
    }
  )

  it("knows every action there is", () => {
    assert.sameMembers<string>(
      [...Action.literals],
      HookResult.members.flatMap(({ fields }) => fields.action.literal)
    )
  })
})
