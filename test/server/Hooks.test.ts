/** Hooks of a deployment between OpenAI's own client and a vendor: they refuse, change, add and look on. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import type { Schema } from "effect"
import { PermissionDeniedError } from "openai"
import type { Hook } from "../../src/kernel/hooks/Hook.ts"
import type { HookResult } from "../../src/kernel/hooks/HookResult.ts"
import {
  body,
  content,
  given,
  payloads,
  question,
  replaysIdentical,
  rewrites,
  says,
  typesOf
} from "../support/HookedStrata.ts"
import { Http } from "../support/Http.ts"
import { Sdk } from "../support/Sdk.ts"
import { Strata } from "../support/Strata.ts"

describe("a hook on llm:request", () => {
  it.live("that denies: 403 with its reason, and nothing goes to the vendor", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([says("llm:request", { action: "deny", reason: "no numbers" })])
      const before = upstream.received.length
      for (const ask of [Sdk.create(client, body), Sdk.collect(client, body)]) {
        const error = yield* Sdk.failureOf<unknown>(ask)
        assert.instanceOf(error, PermissionDeniedError)
        assert.deepStrictEqual<unknown>(error.error, {
          message: "The hook guard denied this request: no numbers",
          type: "permission_error",
          param: null,
          code: "denied_by_hook"
        })
      }
      assert.lengthOf(upstream.received, before)
      const one = ["api:request", "hook:decided", "api:error"]
      assert.deepStrictEqual(yield* typesOf(strata), ["session:start", ...one, ...one])
      const [decided] = yield* strata.events({ types: ["hook:decided"] })
      const [asked] = Strata.ofClients(yield* strata.events({ types: ["api:request"] }))
      assert.deepInclude(decided, { requestId: asked!.requestId, causationId: asked!.id, provider: "upstream" })
      yield* replaysIdentical(strata, upstream, 2)
    }))

  it.live("that modifies: the vendor gets the other body, the log has both", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([rewrites("llm:request", "555-1234", "[NUMBER]")])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      const sent = { model: "m", messages: [{ role: "user", content: "My number is [NUMBER]." }], stream: false }
      assert.deepStrictEqual<unknown>(upstream.received.at(-1)?.body, sent)
      const [asked] = yield* payloads(strata, "api:request:raw")
      const [called] = yield* payloads(strata, "llm:request:raw")
      assert.include(asked.body, "555-1234")
      assert.deepStrictEqual(JSON.parse(called.body), sent)
      const [decided] = yield* payloads(strata, "hook:decided")
      assert.deepInclude(decided, { on: "llm:request", action: "modify" })
      assert.deepStrictEqual(decided.modified_by, ["redactor"])
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that modifies a streamed request: the answer still streams", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([rewrites("llm:request", "555-1234", "[NUMBER]")])
      assert.lengthOf(yield* Sdk.collect(client, body), 2)
      assert.include(upstream.received.at(-1)?.bodyText, "[NUMBER]")
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that injects: its text is the last message, joined with that of the next", () =>
    Effect.gen(function*() {
      const inject = (context_injection: string): HookResult => ({ action: "inject_context", context_injection })
      const { client, strata, upstream } = yield* given([
        says("llm:request", inject("Today is Monday."), { name: "calendar" }),
        says("llm:request", inject("It rains."), { name: "weather" })
      ])
      yield* Sdk.create(client, body)
      assert.deepStrictEqual(Object(upstream.received.at(-1)?.body).messages, [
        question,
        { role: "system", content: "Today is Monday.\n\nIt rains." }
      ])
      const [decided] = yield* payloads(strata, "hook:decided")
      assert.deepStrictEqual(decided.hooks, ["calendar", "weather"])
      assert.strictEqual(decided.context_characters, "Today is Monday.\n\nIt rains.".length)
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that asks the user: its default counts, and the client learns why", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([
        says("llm:request", { action: "ask_user", approval_prompt: "Send a number?" })
      ])
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.instanceOf(error, PermissionDeniedError)
      assert.include(error.message, "Send a number?")
      assert.include(error.message, "there is no approval system to ask")
      const [decided] = yield* payloads(strata, "hook:decided")
      assert.deepInclude(decided.approval, { answer: "deny", answered_by: "default" })
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that asks the user and allows by default: what others changed is sent", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([
        says("llm:request", { action: "ask_user", approval_prompt: "?", approval_default: "allow" }),
        rewrites("llm:request", "555-1234", "[NUMBER]")
      ])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      assert.include(upstream.received.at(-1)?.bodyText, "[NUMBER]")
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that fails closed: 403, and its error stays in the log", () =>
    Effect.gen(function*() {
      const broken = { handler: () => Effect.fail("database password wrong"), onFailure: "closed" as const }
      const { client, strata, upstream } = yield* given([says("llm:request", { action: "continue" }, broken)])
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.instanceOf(error, PermissionDeniedError)
      assert.include(error.message, "The hook guard denied this request: it could not be asked (error)")
      assert.notInclude(error.message, "password")
      const [failed] = yield* payloads(strata, "hook:failed")
      assert.deepInclude(failed, { hook: "guard", decision: "deny", message: "database password wrong" })
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that takes longer than the configured time, or says more than is configured: it failed", () =>
    Effect.gen(function*() {
      const endless = says("llm:request", { action: "continue" }, { name: "endless", handler: () => Effect.never })
      const verbose = says("llm:request", { action: "inject_context", context_injection: "xx" }, { name: "verbose" })
      const limits = { timeout_ms: 1, max_context_characters: 1 }
      const { client, strata, upstream } = yield* given([endless, verbose], undefined, limits)
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      const failed = yield* payloads(strata, "hook:failed")
      assert.deepStrictEqual(failed.map(({ hook, reason }) => [hook, reason]), [
        ["endless", "timeout"],
        ["verbose", "invalid_result"]
      ])
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("is given up when the client leaves", () =>
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const givenUp = yield* Deferred.make<void>()
      const handler = () =>
        Deferred.succeed(asked, undefined).pipe(
          Effect.andThen(Effect.never),
          Effect.onInterrupt(() => Deferred.succeed(givenUp, undefined))
        )
      const { client, strata } = yield* given([says("llm:request", { action: "continue" }, { handler })])
      const asking = yield* Effect.forkChild(Sdk.create(client, body))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(asking)
      yield* Deferred.await(givenUp)
      yield* strata.awaitEvents({ types: ["api:error"] })
      assert.deepStrictEqual(yield* typesOf(strata), ["session:start", "api:request", "api:error"])
    }))

  it.live("that fails open: the request goes on as it was", () =>
    Effect.gen(function*() {
      const dying = { handler: () => Effect.die("defect") }
      const { client, strata, upstream } = yield* given([says("llm:request", { action: "continue" }, dying)])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      const types = ["session:start", "api:request", "hook:failed", "llm:request", "llm:response", "api:response"]
      assert.deepStrictEqual(yield* typesOf(strata), types)
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that makes a request of it that is none: it failed", () =>
    Effect.gen(function*() {
      const changes = (name: string, change: Schema.JsonObject): Hook => ({
        name,
        pattern: "llm:request",
        handler: ({ data }) => Effect.succeed({ action: "modify", data: { ...data, ...change } })
      })
      const { client, strata, upstream } = yield* given([
        changes("empty", { messages: "none" }),
        changes("streaming", { stream: true })
      ])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      const [empty, streaming] = yield* payloads(strata, "hook:failed")
      assert.deepInclude(empty, { hook: "empty", reason: "invalid_result", decision: "continue" })
      assert.include(empty.message, "messages")
      assert.include(streaming.message, "stream is what the client asked for")
      yield* replaysIdentical(strata, upstream)
    }))
})

describe("a hook on llm:response", () => {
  it.live("that denies: 403, and the client sees nothing of the answer", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([says("llm:response", { action: "deny", reason: "rude" })])
      const error = yield* Sdk.failureOf(Sdk.create(client, body))
      assert.instanceOf(error, PermissionDeniedError)
      assert.include(error.message, "The hook guard denied this answer: rude")
      assert.notInclude(JSON.stringify(yield* payloads(strata, "api:error:raw")), "Hello there")
      assert.include(JSON.stringify(yield* payloads(strata, "llm:response:raw")), "Hello there")
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that modifies: the client gets the other answer, the log has both", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([rewrites("llm:response", "Hello there", "Good day")])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Good day")
      assert.include(JSON.stringify(yield* payloads(strata, "llm:response:raw")), "Hello there")
      assert.include(JSON.stringify(yield* payloads(strata, "api:response:raw")), "Good day")
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("that injects: there is nothing to inject into, and the log says so", () =>
    Effect.gen(function*() {
      const { client, strata, upstream } = yield* given([
        says("llm:response", { action: "inject_context", context_injection: "x" })
      ])
      assert.strictEqual(content(yield* Sdk.create(client, body)), "Hello there")
      const [decided] = yield* payloads(strata, "hook:decided")
      assert.deepInclude(decided, { action: "continue" })
      assert.deepStrictEqual(decided.ignored, [{ hook: "guard", action: "inject_context" }])
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("on a stream: looks on, whatever it says, and the stream is as it was", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const looks: Hook = {
        name: "guard",
        pattern: "llm:response",
        handler: ({ attributes, data }) =>
          Effect.sync((): HookResult => {
            seen.push(data, attributes)
            return { action: "deny", reason: "too late" }
          })
      }
      const { client, strata, upstream } = yield* given([looks])
      const chunks = yield* Sdk.collect(client, body)
      assert.deepStrictEqual(seen, [{ chunks }, { provider: "upstream", model: "upstream/m", stream: true }])
      assert.lengthOf(chunks, 2)
      const [decided] = yield* payloads(strata, "hook:decided")
      assert.deepStrictEqual(decided.ignored, [{ hook: "guard", action: "deny" }])
      const types = ["session:start", "api:request", "llm:request", "llm:response", "hook:decided", "api:response"]
      assert.deepStrictEqual(yield* typesOf(strata), types)
      yield* replaysIdentical(strata, upstream)
    }))

  it.live("on a stream passes every byte, in the same order", () =>
    Effect.gen(function*() {
      const plain = yield* given([])
      const watched = yield* given([says("llm:*", { action: "continue" })])
      const ask = (strata: Strata) => Http.post(strata.url, "/v1/chat/completions", { ...body, stream: true })
      const [expected, found] = [yield* ask(plain.strata), yield* ask(watched.strata)]
      assert.strictEqual(found.text, expected.text)
      assert.isTrue(found.text.endsWith("data: [DONE]\n\n"))
    }))

  it.live("does not see what the vendor refused", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* given([says("llm:response", { action: "deny" })], {
        _tag: "Fixed",
        status: 429,
        body: `{"error":{"message":"slow down"}}`
      })
      assert.strictEqual((yield* Sdk.failureOf(Sdk.create(client, body))).status, 429)
      assert.deepStrictEqual(yield* payloads(strata, "hook:decided"), [])
    }))
})
