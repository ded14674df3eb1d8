/** A whole Strata with hooks of a deployment, between OpenAI's client and a vendor that says hello. */
import { assert } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { Hook } from "../../src/kernel/hooks/Hook.ts"
import type { HookResult } from "../../src/kernel/hooks/HookResult.ts"
import { Hooks } from "../../src/kernel/hooks/Hooks.ts"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Sdk } from "./Sdk.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import { verify } from "./verify.ts"

export const session = "s"
export const question = { role: "user" as const, content: "My number is 555-1234." }
export const body = { model: "upstream/m", messages: [question] }

export const says = (pattern: string, result: HookResult, more: Partial<Hook> = {}): Hook => ({
  name: "guard",
  pattern,
  handler: () => Effect.succeed(result),
  ...more
})

/** A hook that rewrites the JSON text of what it sees. */
export const rewrites = (pattern: string, from: string, to: string, more: Partial<Hook> = {}): Hook => ({
  name: "redactor",
  pattern,
  handler: ({ data }) =>
    Effect.succeed({
      action: "modify",
      data: JSON.parse(JSON.stringify(data).replaceAll(from, to)) as Schema.JsonObject
    }),
  ...more
})

export const contributed = (hooks: ReadonlyArray<Hook>) =>
  hooks.map(Hooks.contribute).reduce(
    (all, each) => Layer.provideMerge(each, all),
    Layer.empty as Layer.Layer<never, never, Hooks>
  )

export const given = (hooks: ReadonlyArray<Hook>, answer?: ScriptedAnswer, limits: StrataOptions["hooks"] = {}) =>
  Effect.gen(function*() {
    const respond = Chat.answering(["Hello", "there"])
    const upstream = yield* FakeUpstream.make({ respond: (request) => answer ?? respond(request) })
    const strata = yield* Strata.make({
      providers: [Strata.openAi(upstream, { models: ["m"] })],
      extensions: contributed(hooks),
      hooks: limits
    })
    const client = Sdk.make(strata.url, { defaultHeaders: { "x-strata-session-id": session } })
    return { client, strata, upstream }
  })

export const payloads = (strata: Strata, type: string) =>
  Effect.map(
    strata.events({ types: [type] }),
    (events) => Strata.ofClients(events).map((event) => Object(payloadOf(event)))
  )

export const typesOf = (strata: Strata) =>
  Effect.map(strata.events({ sessionId: session, level: "default" }), (events) => events.map(({ type }) => type))

/** The session runs again from its data folder alone: without a network, and without the hooks. */
export const replaysIdentical = Effect.fnUntraced(function*(strata: Strata, upstream: FakeUpstream, requests = 1) {
  yield* strata.close
  yield* upstream.close
  assert.deepStrictEqual(yield* verify(strata.folder, [session]), [
    { session, requests, skipped: [], divergence: undefined, around: [] }
  ])
})

export const content = (
  answer: { readonly choices: ReadonlyArray<{ readonly message: { readonly content: string | null } }> }
) => answer.choices[0]?.message.content
