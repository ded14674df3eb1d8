/** What hooks decide and how they fail stands in the log, under the request it concerns. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { refusal } from "../../../src/kernel/hooks/HookDecision.ts"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import * as HookWorld from "../../support/HookWorld.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const proceed: HookResult = { action: "continue" }
const deny: HookResult = { action: "deny", reason: "no" }
const { adds } = HookWorld
const fails = () => Effect.fail("broken")

describe("What hooks decide is recorded", () => {
  it.effect("with its cause and its level", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: fails }, { says: adds("1") }, { says: deny }])
      const decision = yield* HookWorld.emit({ provider: "p" })
      const events = yield* MemoryHub.events()
      const nth = (n: number) => `${HookWorld.requestId.slice(0, -1)}${n}`
      assert.deepStrictEqual(events.map(({ causationId, id, type }) => [type, id, causationId]), [
        ["hook:failed", nth(1), nth(1)],
        ["hook:decided", nth(2), nth(1)],
        ["hook:decided:debug", nth(3), nth(2)],
        ["hook:decided:raw", nth(4), nth(2)]
      ])
      for (const event of events) assert.deepInclude(event, { requestId: HookWorld.requestId, provider: "p" })
      assert.deepStrictEqual<unknown>(payloadOf(events[0]!), {
        on: "test:happened",
        hook: "a",
        reason: "error",
        message: "broken",
        decision: "continue"
      })
      assert.deepStrictEqual<unknown>(payloadOf(events[1]!), {
        on: "test:happened",
        action: "deny",
        hooks: ["c"],
        modified_by: ["b"],
        reason: "no",
        context_characters: 0,
        approval: null,
        user_messages: [],
        ignored: []
      })
      assert.deepStrictEqual<unknown>(payloadOf(events[2]!), { decision })
      assert.deepStrictEqual<unknown>(JSON.parse(Object(payloadOf(events[3]!)).body), decision)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("with everything there is to tell", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([
        { says: adds("1") },
        { says: { action: "inject_context", context_injection: "x", context_injection_role: "user", ephemeral: true } },
        {
          says: {
            action: "ask_user",
            approval_prompt: "Send it?",
            approval_default: "allow",
            user_message: "Somebody should look at this.",
            user_message_level: "warning"
          }
        },
        { says: deny }
      ])
      const decision = yield* HookWorld.emit({ honours: ["ask_user", "inject_context", "modify"] })
      assert.isUndefined(refusal(decision))
      const [decided, , raw] = yield* HookWorld.told("hook:decided*")
      assert.deepStrictEqual(decided, {
        on: "test:happened",
        action: "ask_user",
        hooks: ["c"],
        modified_by: ["a"],
        reason: null,
        context_characters: 1,
        approval: {
          prompt: "Send it?",
          options: ["Allow", "Deny"],
          timeout: 300,
          default: "allow",
          answer: "allow",
          answered_by: "default"
        },
        user_messages: [{ message: "Somebody should look at this.", level: "warning", source: "c" }],
        ignored: [{ hook: "d", action: "deny" }]
      })
      assert.deepInclude(JSON.parse(raw.body), {
        data: { trace: ["1"] },
        context: { text: "x", role: "user", ephemeral: true, append_to_last_tool_result: false }
      })
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("up to the level in force", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: deny }])
      yield* HookWorld.emit({}, { level: "default" })
      assert.lengthOf(yield* HookWorld.told("hook:decided"), 1)
      assert.lengthOf(yield* HookWorld.told("hook:*"), 1)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("without secrets", () =>
    Effect.gen(function*() {
      const secret = "sk-secret-1234"
      yield* HookWorld.register([
        { says: () => Effect.fail(`no ${secret}`) },
        { says: { action: "modify", data: { secret }, user_message: secret } }
      ])
      yield* HookWorld.emit({}, { secret })
      const events = yield* MemoryHub.events()
      assert.lengthOf(events, 4)
      assert.notInclude(JSON.stringify(events), secret)
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("cut, where a failure has much to say", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: () => Effect.fail("x".repeat(10_000)) }])
      yield* HookWorld.emit()
      const [failed] = yield* HookWorld.told("hook:failed")
      assert.strictEqual(failed.message, "x".repeat(500))
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("not where all continue in silence", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: proceed }])
      yield* HookWorld.emit()
      assert.deepStrictEqual(yield* MemoryHub.events(), [])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("where one continues and has something to say to people", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: { action: "continue", user_message: "Mind the step." } }])
      yield* HookWorld.emit()
      const [decided] = yield* HookWorld.told("hook:decided")
      assert.deepInclude(decided, { action: "continue" })
      assert.deepStrictEqual(decided.user_messages, [{ message: "Mind the step.", level: "info", source: "a" }])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("outside of requests too, in short", () =>
    Effect.gen(function*() {
      yield* HookWorld.register([{ says: fails }, { says: deny }])
      yield* Hooks.use((hooks) => hooks.emit(HookWorld.emission({ provider: "p" })))
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(
        events.map(({ provider, requestId, stream, type }) => [type, stream, requestId, provider]),
        [
          ["hook:failed", "hooks", null, "p"],
          ["hook:decided", "hooks", null, "p"]
        ]
      )
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("apart from what a hook does besides, which is not the request's", () =>
    Effect.gen(function*() {
      const hooks = yield* Hooks
      const besides = hooks.emit(HookWorld.emission({ type: "other:thing" }))
      yield* HookWorld.register([{ says: () => Effect.asVoid(besides) }, { pattern: "other:*", says: deny }])
      assert.strictEqual((yield* HookWorld.emit()).action, "continue")
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.map(({ requestId, type }) => [type, requestId]), [["hook:decided", null]])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))
})
