// @effect-diagnostics asyncFunction:off
/** Images with OpenAI's client: JSON, forms and streams pass, stand in the log, and verify without a network. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type OpenAI from "openai"
import { toFile } from "openai"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as MediaWorld from "../../support/MediaWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const { picture } = MediaWorld
const b64_json = picture.toString("base64")
const usage = { input_tokens: 50, output_tokens: 1056, total_tokens: 1106 }
const details = { input_tokens_details: { text_tokens: 10, image_tokens: 40 } }
const answered = {
  created: 1764000000,
  data: [{ b64_json }, { url: "https://example.com/i.png" }],
  usage: { ...usage, ...details }
}

const payloadOf = (event: { readonly payload: string } | undefined) => JSON.parse(event?.payload ?? "null")

describe.each(ways)("images, before $way", ({ it }) => {
  it.live("given a text, when a client asks, then it gets the vendor's answer, and the log what it used", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, answered))
      const images = yield* Effect.promise(() =>
        client.images.generate({ model: "upstream/m", prompt: "A cold day", n: 2, size: "1024x1024" })
      )
      assert.deepStrictEqual(images.data as unknown, answered.data)
      assert.strictEqual(vendor.received[0]?.path, "/v1/images/generations")
      assert.deepStrictEqual(vendor.received[0]?.body, { model: "m", prompt: "A cold day", n: 2, size: "1024x1024" })
      assert.deepInclude(payloadOf((yield* strata.events({ types: ["image:request"] }))[0]), {
        operation: "image_generation",
        image_count: 2,
        size: "1024x1024",
        stream: false
      })
      assert.deepInclude(payloadOf((yield* strata.events({ types: ["image:response"] }))[0]), { image_count: 2, usage })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given a stream is asked for, when unfinished images come, then the client reads each event", () =>
    Effect.gen(function*() {
      const events = [
        { type: "image_generation.partial_image", partial_image_index: 0, b64_json },
        { type: "image_generation.completed", b64_json, usage: { ...usage, ...details } }
      ]
      const { client, strata } = yield* MediaWorld.make(() => ScriptedAnswer.events(events, { done: false, delay: 5 }))
      const stream = yield* Effect.promise(() =>
        client.images.generate({ model: "upstream/m", prompt: "A cold day", stream: true, partial_images: 1 })
      )
      const read = yield* Effect.promise(async () => {
        const all: Array<unknown> = []
        for await (const event of stream) all.push(event)
        return all
      })
      assert.deepStrictEqual(read, events)
      assert.deepInclude(payloadOf((yield* strata.events({ types: ["image:response"] }))[0]), { image_count: 1, usage })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given images in a form, when they are to be edited, then all of them reach the vendor with its model's name", () =>
    Effect.gen(function*() {
      const { client, strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, answered))
      const file = (name: string) => Effect.promise(() => toFile(picture, name, { type: "image/png" }))
      const image = [yield* file("one.png"), yield* file("two.png")]
      const mask = yield* file("mask.png")
      yield* Effect.promise(() => client.images.edit({ model: "upstream/m", image, mask, prompt: "Snow" }))
      const parts = yield* Effect.promise(() => MediaWorld.formOf(vendor.received[0] as ReceivedRequest))
      assert.sameDeepMembers(parts as Array<unknown>, [
        ["image[]", { name: "one.png", bytes: picture }],
        ["image[]", { name: "two.png", bytes: picture }],
        ["mask", { name: "mask.png", bytes: picture }],
        ["model", "m"],
        ["prompt", "Snow"]
      ])
      assert.deepInclude(payloadOf((yield* strata.events({ types: ["image:request"] }))[0]), {
        operation: "image_edit",
        file_count: 3
      })
      assert.deepStrictEqual(yield* MediaWorld.verified(strata), [{ outcome: "identical", divergence: undefined }])
    }).pipe(Effect.scoped))

  it.live("given images that JSON names, when they are to be edited, then the JSON passes", () =>
    Effect.gen(function*() {
      const { strata, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, answered))
      const body = { model: "upstream/m", prompt: "Snow", images: [{ file_id: "file-1" }], future: 1 }
      const answer = yield* Effect.promise(() =>
        fetch(`${strata.url}/v1/images/edits`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body)
        })
      )
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(yield* Effect.promise(() => answer.json()), answered)
      assert.deepStrictEqual(vendor.received[0]?.body, { ...body, model: "m" })
    }).pipe(Effect.scoped))

  it.live("given an answer that is no JSON, or an error under status 200, then the client gets an error", () =>
    Effect.gen(function*() {
      const wrong: Array<ScriptedAnswer> = [
        { _tag: "Fixed", status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
        ScriptedAnswer.json(429, {
          error: { message: "Too many.", type: "tokens", code: "rate_limit_exceeded", param: null }
        })
      ]
      const { client } = yield* MediaWorld.make(() => wrong.shift())
      const ask = Sdk.failureOf(
        Effect.tryPromise(() => client.images.generate({ model: "upstream/m", prompt: "A cold day" }))
      )
      assert.deepInclude(yield* ask, { status: 502, code: "provider_invalid_answer" })
      assert.deepInclude(yield* ask, { status: 429, code: "rate_limit_exceeded" })
    }).pipe(Effect.scoped))
})

describe("images, by a name of the server", () => {
  it.live("given a variation without a model, then OpenAI's usual one is looked for", () =>
    Effect.gen(function*() {
      const { client, vendor } = yield* MediaWorld.make(() => ScriptedAnswer.json(200, answered), {
        config: { models: ["dall-e-2"] }
      })
      const image = yield* Effect.promise(() => toFile(picture, "i.png", { type: "image/png" }))
      const images: OpenAI.ImagesResponse = yield* Effect.promise(() => client.images.createVariation({ image }))
      assert.strictEqual(images.created, answered.created)
      const parts = yield* Effect.promise(() => MediaWorld.formOf(vendor.received[0] as ReceivedRequest))
      assert.deepInclude(parts as Array<unknown>, ["model", "dall-e-2"])
    }).pipe(Effect.scoped))
})
