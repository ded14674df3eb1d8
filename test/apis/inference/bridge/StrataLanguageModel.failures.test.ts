/** How asking a Strata through `effect/ai` fails, over both layers, and how it is given up. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import type { AiError } from "effect/ai"
import { createHash } from "node:crypto"
import * as StrataLanguageModel from "../../../../src/apis/inference/bridge/StrataLanguageModel.ts"
import * as BridgedStrata from "../../../support/BridgedStrata.ts"
import { Chat } from "../../../support/Chat.ts"
import type { ReceivedRequest } from "../../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { completion } from "./Answers.ts"

const model = (name = "openai/m", session = "s") => StrataLanguageModel.layer({ model: name, session })

const reasonOf = <A>(effect: Effect.Effect<A, AiError.AiError, LanguageModel.LanguageModel>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

describe.each(BridgedStrata.ways)("a language model of effect/ai that fails, %s", (way) => {
  const given = (respond: (request: ReceivedRequest) => ScriptedAnswer | undefined) =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond })
      const { by } = yield* BridgedStrata.make([BridgedStrata.openAi(vendor)])
      const ask = <A, E>(effect: Effect.Effect<A, E, LanguageModel.LanguageModel>, name?: string) =>
        by(way)(Effect.provide(effect, model(name)))
      return { vendor, ask }
    })

  const refusals: ReadonlyArray<readonly [what: string, answer: ScriptedAnswer, reason: string]> = [
    [
      "too many requests",
      ScriptedAnswer.json(429, { error: { message: "Slow down" } }, { "retry-after": "7" }),
      "RateLimitError"
    ],
    ["a wrong key", ScriptedAnswer.error(401, "Incorrect API key provided.", "invalid_api_key"), "AuthenticationError"],
    [
      "a used up quota",
      ScriptedAnswer.error(429, "You exceeded your quota", "insufficient_quota"),
      "QuotaExhaustedError"
    ],
    ["a filtered question", ScriptedAnswer.error(400, "It was filtered", "content_filter"), "ContentPolicyError"],
    ["a context too long", ScriptedAnswer.error(400, "Too long", "context_length_exceeded"), "InvalidRequestError"],
    ["an overload", ScriptedAnswer.error(503, "Overloaded", null, "server_error"), "InternalProviderError"],
    ["nonsense", ScriptedAnswer.json(200, ["nonsense"]), "InternalProviderError"]
  ]
  it.live.each(refusals)("fails with its reason: %s", ([, answer, reason]) =>
    Effect.gen(function*() {
      const { ask } = yield* given(() => answer)
      const failed = yield* ask(reasonOf(LanguageModel.generateText({ prompt: "Oslo?" })))
      assert.strictEqual(failed._tag, reason)
      if (failed._tag === "RateLimitError") assert.deepStrictEqual(failed.retryAfter, Duration.seconds(7))
      if (failed._tag === "InvalidRequestError") assert.include(failed.message, "longer than the model's context")
      const streamed = yield* ask(reasonOf(Stream.runDrain(LanguageModel.streamText({ prompt: "Oslo?" }))))
      assert.strictEqual(streamed._tag, reason)
    }).pipe(Effect.scoped))

  it.live("fails where a stream breaks off", () =>
    Effect.gen(function*() {
      const { ask } = yield* given(() =>
        ScriptedAnswer.events([{ choices: [{ index: 0, delta: { content: "It" } }] }], { done: false })
      )
      const failed = yield* ask(reasonOf(Stream.runDrain(LanguageModel.streamText({ prompt: "Oslo?" }))))
      assert.include(["InternalProviderError", "NetworkError"], failed._tag)
      assert.isTrue(failed.isRetryable)
    }).pipe(Effect.scoped))

  it.live("names a model that nobody serves, and what no prompt can say", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(() => completion({ content: "no" }))
      const unknown = yield* ask(reasonOf(LanguageModel.generateText({ prompt: "Oslo?" })), "nobody/m")
      assert.strictEqual(unknown._tag, "InvalidRequestError")
      assert.include(unknown.message, "nobody/m")
      const file = yield* ask(reasonOf(LanguageModel.generateText({
        prompt: [{
          role: "user",
          content: [{ type: "file", mediaType: "application/pdf", data: new URL("https://example.com/a.pdf") }]
        }]
      })))
      assert.strictEqual(file._tag, "InvalidUserInputError")
      assert.include(file.message, "give its bytes")
      assert.strictEqual(vendor.received.length, 0)
    }).pipe(Effect.scoped))

  it.live.each(["whole", "streamed"])("leaves the vendor when it is interrupted: %s", (kind) =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(() =>
        kind === "whole"
          ? ScriptedAnswer.silent
          : ScriptedAnswer.events([{ choices: [{ index: 0, delta: { content: "It" } }] }], { hold: true })
      )
      const fiber = yield* Effect.forkChild(ask(
        kind === "whole"
          ? LanguageModel.generateText({ prompt: "Oslo?" })
          : Stream.runDrain(LanguageModel.streamText({ prompt: "Oslo?" }))
      ))
      yield* vendor.awaitReceived(1)
      yield* Fiber.interrupt(fiber)
      yield* vendor.awaitAborted(1)
    }).pipe(Effect.scoped))
})

describe("the key of a server", () => {
  it.live("is sent, and a wrong one is an AuthenticationError", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond: Chat.answering(["yes"]) })
      const given = (key: string) =>
        BridgedStrata.make([BridgedStrata.openAi(vendor)], {
          auth: {
            providers: [{
              type: "api_keys",
              keys: [{ id: "ada", sha256: createHash("sha256").update(key).digest("hex") }]
            }]
          }
        })
      const right = yield* given(BridgedStrata.clientKey)
      const ask = Effect.provide(LanguageModel.generateText({ prompt: "Oslo?" }), model())
      assert.strictEqual((yield* right.by("over HTTP")(ask)).text, "yes")
      const wrong = yield* given("sk-another-key-0123456789abcdef")
      const failed = yield* wrong.by("over HTTP")(Effect.flip(ask))
      assert.strictEqual(failed.reason._tag, "AuthenticationError")
    }).pipe(Effect.scoped))
})
