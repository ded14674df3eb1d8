/** Interactions over HTTP: bytes that pass, the earlier form, what is kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"
import { frames } from "../../support/Vendors.ts"

type Fields = Schema.JsonObject

const interaction = {
  id: "v1_abc",
  status: "completed",
  steps: [
    { type: "thought", signature: "c2lnbmVk" },
    { type: "model_output", content: [{ type: "text", text: "It is raining." }] }
  ],
  usage: { total_input_tokens: 4, total_output_tokens: 3, total_tokens: 7 },
  object: "interaction",
  model: "m",
  some_field_of_tomorrow: { a: 1 }
}

const event = (value: { readonly event_type: string }) =>
  `event: ${value.event_type}\ndata: ${JSON.stringify(value)}\n\n`

const { steps: _, ...head } = interaction

const vendorFrames = [
  event({ event_type: "interaction.created", interaction: { id: "v1_abc", status: "in_progress" } } as never),
  event({ event_type: "step.start", index: 0, step: { type: "model_output" } } as never),
  event({ event_type: "step.delta", index: 0, delta: { type: "text", text: "It is raining." } } as never),
  event({ event_type: "step.stop", index: 0 } as never),
  event({ event_type: "interaction.completed", interaction: head } as never),
  "event: done\ndata: [DONE]\n\n"
]

const answered = (bodyText: string) =>
  bodyText.includes("\"stream\":true") ? frames(vendorFrames) : ScriptedAnswer.json(200, interaction)

describe("interactions, served by a vendor that speaks them", () => {
  it.live("given one that is not kept, when it is asked, then request and answer pass as they are", () =>
    Effect.gen(function*() {
      const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(
        "gemini",
        ({ bodyText }) => answered(bodyText)
      )
      const body = {
        model,
        input: [{ type: "user_input", content: [{ type: "text", text: "Hi", odd: 1 }] }],
        store: false
      }
      const plain = yield* Http.post(strata.url, "/v1beta/interactions", body)
      assert.deepStrictEqual<unknown>(plain.json, interaction)
      assert.deepStrictEqual<unknown>(vendor.received.at(-1)!.body, { ...body, model: "m" })
      assert.match(vendor.received.at(-1)!.path, /\/interactions$/)
      const stream = yield* Http.post(strata.url, "/v1beta/interactions", { ...body, stream: true })
      assert.strictEqual(stream.text, vendorFrames.join("").replace("event: done\n", ""))
      assert.isEmpty(yield* strata.events({ types: ["interaction:*"] }))
      yield* assertSound(2)
    }))

  it.live("given one that is kept, when it is asked, then it has an id of the server's, and the vendor keeps nothing", () =>
    Effect.gen(function*() {
      const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(
        "gemini",
        ({ bodyText }) => answered(bodyText)
      )
      const first = (yield* Http.post(strata.url, "/v1beta/interactions", { model, input: "Hi" })).json as Fields
      assert.deepStrictEqual<unknown>({ ...first, id: "v1_abc" }, interaction)
      assert.match(String(first["id"]), /^int_/)
      assert.strictEqual((vendor.received.at(-1)!.body as Fields)["store"], false)

      const stream = yield* Http.post(strata.url, "/v1beta/interactions", {
        model,
        input: "More?",
        previous_interaction_id: first["id"]!,
        stream: true
      })
      assert.notInclude(stream.text, "v1_abc")
      const sent = vendor.received.at(-1)!.body as Fields
      assert.notProperty(sent, "previous_interaction_id")
      assert.deepStrictEqual<unknown>(sent["input"], [
        { type: "user_input", content: [{ type: "text", text: "Hi" }] },
        ...interaction.steps,
        { type: "user_input", content: [{ type: "text", text: "More?" }] }
      ])
      const [, id] = /"id":"(int_[^"]+)"/.exec(stream.text) ?? []
      const kept = (yield* Http.send(strata.url, `/v1beta/interactions/${id}`)).json as Fields
      assert.strictEqual(kept["previous_interaction_id"], first["id"])
      assert.deepStrictEqual(kept["some_field_of_tomorrow"], { a: 1 })
      yield* assertSound(2)
    }))

  it.live("given the earlier form, when it is asked for, then outputs are written, plain, streamed and read again", () =>
    Effect.gen(function*() {
      const { model, strata } = yield* TranslatingStrata.make(
        "openai",
        () =>
          ScriptedAnswer.json(200, {
            id: "c",
            object: "chat.completion",
            created: 1_770_000_000,
            model: "m",
            choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }]
          })
      )
      const plain = (yield* Http.post(strata.url, "/v1alpha/interactions", { model, input: "Hello" })).json as Fields
      assert.deepStrictEqual<unknown>(plain["outputs"], [{ type: "text", text: "Hi." }])
      const read = (yield* Http.send(strata.url, `/v1alpha/interactions/${String(plain["id"])}?include_input=true`))
        .json as Fields
      assert.deepStrictEqual<unknown>([read["outputs"], read["input"]], [
        [{ type: "text", text: "Hi." }],
        [{ type: "user_input", content: [{ type: "text", text: "Hello" }] }]
      ])
      const turns = [{ role: "user", content: "A" }, { role: "model", content: "B" }, { role: "user", content: "C" }]
      const stream = yield* Http.post(strata.url, "/v1alpha/interactions", { model, input: turns, stream: true })
      const types = [...stream.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)
      assert.deepStrictEqual(types, [
        "interaction.start",
        "content.start",
        "content.delta",
        "content.stop",
        "interaction.complete"
      ])
      const resumed = yield* Http.send(strata.url, `/v1alpha/interactions/${String(plain["id"])}?last_event_id=e`)
      assert.strictEqual(resumed.status, 400)
      assert.deepInclude((resumed.json as { readonly error: object }).error, { param: "last_event_id" })
      const cancelled = yield* Http.post(strata.url, `/v1alpha/interactions/${String(plain["id"])}/cancel`, {})
      assert.strictEqual(cancelled.status, 409)
    }))

  it.live("given a stream that fails, when it has ended, then its error is in the dialect, and it is kept as failed", () =>
    Effect.gen(function*() {
      const { model, strata } = yield* TranslatingStrata.make(
        "gemini",
        () =>
          frames([
            vendorFrames[0]!,
            event({ event_type: "error", error: { code: "internal", message: "Broke." } } as never)
          ])
      )
      const { text } = yield* Http.post(strata.url, "/v1beta/interactions", { model, input: "Hi", stream: true })
      assert.include(text, "Broke.")
      assert.notInclude(text, "[DONE]")
      const id = /int_\w+/.exec(text)?.[0]
      const kept = yield* Http.send(strata.url, `/v1beta/interactions/${id}`)
      assert.deepInclude(kept.json as object, { id, status: "failed", error: { code: "internal", message: "Broke." } })
    }))
})
