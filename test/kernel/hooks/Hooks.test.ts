/** Hooks are asked in their order, each sees what the ones before it left, and those who fail are left out or deny. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"
import type { Given } from "../../support/HookWorld.ts"
import * as HookWorld from "../../support/HookWorld.ts"

const proceed: HookResult = { action: "continue" }
const deny: HookResult = { action: "deny", reason: "no" }
const inject = (text: string): HookResult => ({ action: "inject_context", context_injection: text })
const { adds } = HookWorld
const fails = () => Effect.fail("broken")

interface Row {
  readonly name: string
  readonly hooks: ReadonlyArray<Given>
  /** Who was asked, in order. */
  readonly asked: string
  readonly action: string
  /** Who changed the data, in order. */
  readonly trace?: string
  readonly hooksNamed?: ReadonlyArray<string>
  /** `hook reason decision` of each failure. */
  readonly failed?: ReadonlyArray<string>
}

const row = (
  name: string,
  hooks: ReadonlyArray<Given>,
  asked: string,
  action: string,
  more: Omit<Row, "name" | "hooks" | "asked" | "action"> = {}
): Row => ({ name, hooks, asked, action, ...more })

const rows: ReadonlyArray<Row> = [
  row("nobody", [], "", "continue"),
  row("one that has nothing to say", [{ says: () => Effect.void }], "a", "continue"),
  row(
    "several in the order they were registered",
    [{ says: adds("1") }, { says: adds("2") }, { says: adds("3") }],
    "abc",
    "modify",
    { trace: "123" }
  ),
  row(
    "a lower priority first",
    [{ says: adds("1"), priority: 10 }, { says: adds("2"), priority: -1 }, { says: adds("3") }],
    "bca",
    "modify",
    { trace: "231" }
  ),
  row(
    "equal priorities in the order of registration",
    [{ says: adds("1"), priority: 5 }, { says: adds("2"), priority: 5 }, { says: adds("3"), priority: 5 }],
    "abc",
    "modify",
    { trace: "123" }
  ),
  row("nobody behind a deny", [{ says: adds("1") }, { says: deny }, { says: adds("3") }], "ab", "deny", {
    trace: "1",
    hooksNamed: ["b"]
  }),
  row("a deny of lower priority before all others", [{ says: adds("1") }, { says: deny, priority: -1 }], "b", "deny", {
    trace: ""
  }),
  row(
    "those behind an ask_user",
    [{ says: { action: "ask_user", approval_prompt: "?" } }, { says: adds("2") }],
    "ab",
    "ask_user",
    { trace: "2", hooksNamed: ["a"] }
  ),
  row("those behind an inject_context", [{ says: inject("x") }, { says: inject("y") }], "ab", "inject_context", {
    hooksNamed: ["a", "b"]
  }),

  row("by exact type", [{ says: deny, pattern: "test:happened" }], "a", "deny"),
  row("by prefix within the action", [{ says: deny, pattern: "test:happ*" }], "a", "deny"),
  row("by namespace", [{ says: deny, pattern: "test:*" }], "a", "deny"),
  row("those who want everything", [{ says: deny, pattern: "*" }], "a", "deny"),
  row("nobody by another type", [{ says: deny, pattern: "test:other" }], "", "continue"),
  row("nobody by another namespace", [{ says: deny, pattern: "llm:*" }], "", "continue"),
  row("nobody by a part of the type without a star", [{ says: deny, pattern: "test:hap" }], "", "continue"),

  row("the next when one fails open, which is the default", [{ says: fails }, { says: adds("2") }], "ab", "modify", {
    trace: "2",
    failed: ["a error continue"]
  }),
  row("the next when one says open", [{ says: fails, onFailure: "open" }, { says: proceed }], "ab", "continue", {
    failed: ["a error continue"]
  }),
  row("nobody behind one that fails closed", [{ says: fails, onFailure: "closed" }, { says: adds("2") }], "a", "deny", {
    failed: ["a error deny"],
    hooksNamed: ["a"]
  }),
  row("the next when one dies", [{ says: () => Effect.die("defect") }, { says: adds("2") }], "ab", "modify", {
    failed: ["a error continue"]
  }),
  row(
    "the next when one throws",
    [{
      says: () => {
        throw new Error("thrown")
      }
    }, { says: adds("2") }],
    "ab",
    "modify",
    { failed: ["a error continue"] }
  ),
  row("the next when one gives itself up", [{ says: () => Effect.interrupt }, { says: adds("2") }], "ab", "modify", {
    failed: ["a interrupted continue"]
  }),
  row("the next when one takes too long", [{ says: () => Effect.never }, { says: adds("2") }], "ab", "modify", {
    failed: ["a timeout continue"]
  }),
  row(
    "the next when one takes too long and can't be interrupted",
    [{ says: () => Effect.uninterruptible(Effect.never) }, { says: adds("2") }],
    "ab",
    "modify",
    { trace: "2", failed: ["a timeout continue"] }
  ),
  row(
    "nobody behind one that takes too long and is closed",
    [{ says: () => Effect.never, onFailure: "closed" }, { says: adds("2") }],
    "a",
    "deny",
    { failed: ["a timeout deny"] }
  ),
  row(
    "one in its own time, longer than the default",
    [{ says: (event) => Effect.delay(adds("1")(event), "7 seconds"), timeout: "8 seconds" }],
    "a",
    "modify",
    { trace: "1" }
  ),
  row(
    "the next when one takes longer than its own time",
    [{ says: (event) => Effect.delay(adds("1")(event), "2 seconds"), timeout: "1 second" }],
    "a",
    "continue",
    { trace: "", failed: ["a timeout continue"] }
  ),
  row(
    "one that has all the time there is",
    [{ says: (event) => Effect.delay(adds("1")(event), "9 seconds"), timeout: "Infinity" }],
    "a",
    "modify",
    { trace: "1" }
  ),
  row(
    "the next when one gives what is no result",
    [{ says: { action: "perhaps" } as unknown as HookResult }, { says: adds("2") }],
    "ab",
    "modify",
    { trace: "2", failed: ["a invalid_result continue"] }
  ),
  row(
    "the next when one modifies without data",
    [{ says: { action: "modify" } as unknown as HookResult }, { says: adds("2") }],
    "ab",
    "modify",
    { trace: "2", failed: ["a invalid_result continue"] }
  ),
  row(
    "the next when one modifies with data that is no object",
    [{ says: { action: "modify", data: [] } as unknown as HookResult }],
    "a",
    "continue",
    { failed: ["a invalid_result continue"] }
  ),
  row(
    "the next when one injects more than it may",
    [{ says: inject("x".repeat(21)) }, { says: inject("x".repeat(20)) }],
    "ab",
    "inject_context",
    { hooksNamed: ["b"], failed: ["a invalid_result continue"] }
  ),
  row(
    "the next when one writes into its data",
    [{ says: ({ data }) => Effect.sync(() => void Object(data["trace"]).push("1")) }, { says: adds("2") }],
    "ab",
    "modify",
    { trace: "2", failed: ["a error continue"] }
  ),
  row(
    "nobody behind a second failure that is closed",
    [{ says: fails }, { says: fails, onFailure: "closed" }, { says: deny }],
    "ab",
    "deny",
    { failed: ["a error continue", "b error deny"] }
  )
]

const summary = (failed: ReadonlyArray<Record<string, unknown>>) =>
  failed.map(({ decision, hook, reason }) => `${hook} ${reason} ${decision}`)

describe("Hooks ask", () => {
  it.effect.each(rows)("$name", ({ action, asked, failed = [], hooks, hooksNamed, trace }) =>
    Effect.gen(function*() {
      const seen = yield* HookWorld.register(hooks)
      const emitting = yield* Effect.forkChild(HookWorld.emit())
      yield* TestClock.adjust("10 seconds")
      const decision = yield* Fiber.join(emitting)
      assert.strictEqual(seen.join(""), asked)
      assert.strictEqual(decision.action, action)
      if (trace !== undefined) assert.strictEqual((decision.data["trace"] as ReadonlyArray<string>).join(""), trace)
      if (hooksNamed !== undefined) assert.deepStrictEqual(decision.hooks, hooksNamed)
      assert.deepStrictEqual(summary(yield* HookWorld.told("hook:failed")), failed)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect.prop(
    "by priority, equals in the order of registration",
    { priorities: Schema.Array(Schema.Literals([-1, 0, 0.5, 7])).check(Schema.isMaxLength(12)) },
    ({ priorities }) =>
      Effect.gen(function*() {
        const asked = yield* HookWorld.register(priorities.map((priority) => ({ priority, says: proceed })))
        yield* HookWorld.emit()
        const order = [...priorities.entries()].sort(([i, left], [j, right]) => left - right || i - j)
        assert.deepStrictEqual(asked, order.map(([index]) => "abcdefghijkl"[index]))
      }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)),
    { arbitrary: { runs: 50 } }
  )
})
