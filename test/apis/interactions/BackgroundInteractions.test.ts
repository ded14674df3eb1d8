/** Interactions in the background, through Google's SDK: answered later, once, and verified; failed, cancelled, refused. */
import { assert, describe, it } from "@effect/vitest"
import { GoogleGenAI } from "@google/genai"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"

const says = (content: string) =>
  ScriptedAnswer.json(200, {
    id: "c",
    object: "chat.completion",
    created: 1_770_000_000,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }]
  })

const clientOf = (url: string) => new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url } }).interactions

const promised = <A>(ask: () => PromiseLike<A>) => Effect.promise(ask)

const ended = (url: string, id: string, path = "/v1beta/interactions") =>
  Effect.gen(function*() {
    for (let attempt = 0; attempt < 600; attempt++) {
      const { json } = yield* Http.send(url, `${path}/${id}`)
      if (field(json, "status") !== "in_progress") return json as Schema.JsonObject
      yield* Effect.sleep("50 millis")
    }
    return yield* Effect.die(new Error(`${id} has not ended`))
  })

describe.each(ways)("interactions in the background, before $way", ({ it }) => {
  it.live(
    "given one, when it is asked for, then it is in progress, is answered once, gone on from, and verifies",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make("openai", () => says("Rain."))
        const client = clientOf(strata.url)
        const queued = yield* promised(() => client.create({ model, input: "Weather?", background: true }))
        assert.strictEqual(queued.status, "in_progress")
        assert.match(queued.id!, /^int_/)
        const answer = yield* ended(strata.url, queued.id!)
        assert.deepInclude(answer, { id: queued.id, status: "completed" })
        const read = yield* promised(() => client.get(queued.id!))
        assert.strictEqual((read as { readonly output_text?: string }).output_text, "Rain.")
        assert.strictEqual(vendor.received.length, 1)
        assert.notProperty(vendor.received[0]!.body as object, "background")

        const next = yield* promised(() =>
          client.create({ model, input: "And now?", background: true, previous_interaction_id: queued.id! })
        )
        const later = yield* ended(strata.url, next.id!)
        assert.strictEqual(later["previous_interaction_id"], queued.id)
        assert.deepStrictEqual(
          (field(vendor.received[1]!.body, "messages") as unknown as ReadonlyArray<Schema.JsonObject>).map(({ role }) =>
            role
          ),
          ["user", "assistant", "user"]
        )
        // Each has the request that asked for it, and the attempt that made it.
        yield* assertSound(4)
      })),
    60_000
  )

  it.live(
    "given the earlier form, and a stream of one that is read, then it waits for the end",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { model, strata } = yield* TranslatingStrata.make("openai", () => says("Snow."))
        const asked = yield* Http.post(strata.url, "/v1alpha/interactions", { model, input: "Hi", background: true })
        const id = String(field(asked.json, "id"))
        const stream = yield* Http.send(strata.url, `/v1alpha/interactions/${id}?stream=true`)
        assert.include(stream.text, "Snow.")
        assert.include(stream.text, "event: interaction.complete")
        const { outputs } = yield* ended(strata.url, id, "/v1alpha/interactions")
        assert.deepStrictEqual<unknown>(outputs, [{ type: "text", text: "Snow." }])
      })),
    60_000
  )

  it.live(
    "given a vendor that refuses, then it has failed, and says why",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const refusal = { error: { message: "No such key.", type: "invalid_request_error", code: null, param: null } }
        const { assertSound, model, strata } = yield* TranslatingStrata.make(
          "openai",
          () => ScriptedAnswer.json(400, refusal)
        )
        const asked = yield* Http.post(strata.url, "/v1/interactions", { model, input: "Hi", background: true })
        const answer = yield* ended(strata.url, String(field(asked.json, "id")))
        assert.strictEqual(answer["status"], "failed")
        assert.include(String(field(answer["error"], "message")), "No such key.")
        const read = yield* Http.send(strata.url, `/v1/interactions/${String(answer["id"])}?stream=true`)
        assert.include(read.text.split("\n\n").at(-2), "event: error")
        assert.include(read.text, "No such key.")
        yield* assertSound(2)
      })),
    60_000
  )

  it.live(
    "given one that takes long, when it is cancelled, or deleted, then the vendor is left",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { model, strata, vendor } = yield* TranslatingStrata.make("openai", () => ScriptedAnswer.silent)
        const client = clientOf(strata.url)
        const queued = yield* promised(() => client.create({ model, input: "Hi", background: true }))
        yield* vendor.awaitReceived(1)
        const early = yield* Http.post(strata.url, "/v1/interactions", {
          model,
          input: "?",
          previous_interaction_id: queued.id!
        })
        assert.strictEqual(early.status, 400)
        assert.include(early.text, "not answered yet")
        const cancelled = yield* promised(() => client.cancel(queued.id!))
        assert.strictEqual(cancelled.status, "cancelled")
        yield* vendor.awaitAborted(1)
        assert.strictEqual((yield* Http.post(strata.url, `/v1/interactions/${queued.id}/cancel`, {})).status, 409)

        const other = yield* promised(() => client.create({ model, input: "Hi", background: true }))
        yield* vendor.awaitReceived(2)
        yield* promised(() => client.delete(other.id!))
        yield* vendor.awaitAborted(2)
        assert.strictEqual((yield* Http.send(strata.url, `/v1/interactions/${other.id}`)).status, 404)
      })),
    60_000
  )
})

describe("an interaction in the background", () => {
  it.live(
    "given what can't be done later, then it is refused, and the field is named",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { model, strata, vendor } = yield* TranslatingStrata.make("openai", () => says("?"))
        const asking = { model, input: "Hi", background: true }
        const refused = [
          ["store", yield* Http.post(strata.url, "/v1/interactions", { ...asking, store: false })],
          ["stream", yield* Http.post(strata.url, "/v1/interactions", { ...asking, stream: true })],
          [
            "background",
            yield* Http.post(strata.url, "/v1/interactions", asking, {
              "x-strata-provider-data": JSON.stringify({ openai: { api_key: "sk-of-a-client-0123456789" } })
            })
          ]
        ] as const
        for (const [param, { json, status, text }] of refused) {
          assert.strictEqual(status, 400, text)
          assert.deepInclude(field(json, "error") as object, { param })
        }
        assert.lengthOf(vendor.received, 0)
      })),
    60_000
  )
})
