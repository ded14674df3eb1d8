/** A chat completion may name files that are kept here: every vendor gets what they hold, and a replay needs them no more. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { chatModel } from "../../support/TurnWorld.ts"
import * as Vendors from "../../support/Vendors.ts"

type Json = Schema.JsonObject

const given = Effect.gen(function*() {
  const upstreams = {
    anthropic: yield* FakeUpstream.make({
      respond: ({ method }) => method === "POST" ? Vendors.message([{ type: "text", text: "Read." }]) : undefined
    }),
    openai: yield* FakeUpstream.make({ respond: chatModel })
  }
  const { client, strata } = yield* FilesWorld.make({}, {
    level: "raw",
    server: { max_input_file_bytes: 20 },
    providers: Object.entries(upstreams).map(([type, upstream]) => Vendors.entry(type, upstream))
  })
  const send = (path: string, body: Json) => Http.post(strata.url, path, body, { "x-strata-session-id": "s" })
  return {
    client,
    upload: (name: string, content: string, type: string) =>
      Effect.map(
        Effect.promise(() => client.files.create({ file: new File([content], name, { type }), purpose: "user_data" })),
        ({ id }) => id
      ),
    ask: (model: string, parts: ReadonlyArray<Json>, more: Json = {}) =>
      send("/v1/chat/completions", {
        model,
        messages: [{ role: "user", content: [{ type: "text", text: "hello" }, ...parts] }],
        ...more
      }),
    sent: (vendor: keyof typeof upstreams) =>
      listOf(field(listOf(field(upstreams[vendor].received.at(-1)!.body, "messages"))[0], "content")),
    verify: Effect.map(send("/v1/sessions/s/verify", {}), ({ json }) => json)
  }
})

const named = (file_id: string) => ({ type: "file", file: { file_id } })
const base64 = (text: string) => Buffer.from(text).toString("base64")
const text = { type: "text", text: "hello" }

describe("files of a chat completion", () => {
  it.live("that are kept here reach every vendor with what they hold", () =>
    Effect.gen(function*() {
      const { ask, client, sent, upload, verify } = yield* given
      const document = yield* upload("a.pdf", "%PDF", "application/pdf")
      const image = yield* upload("a.png", "png", "image/png")
      const parts = [named(document), named(image), named("file-vendor1")]
      assert.strictEqual((yield* ask("openai/m", parts)).status, 200)
      assert.deepStrictEqual<unknown>(sent("openai"), [
        text,
        { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${base64("%PDF")}` } },
        { type: "image_url", image_url: { url: `data:image/png;base64,${base64("png")}` } },
        named("file-vendor1")
      ])
      const answer = yield* ask("anthropic/m", parts.slice(0, 2), { stream: true })
      assert.strictEqual(answer.status, 200, answer.text)
      assert.deepStrictEqual<unknown>(sent("anthropic"), [
        text,
        {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: base64("%PDF") },
          title: "a.pdf"
        },
        { type: "image", source: { type: "base64", media_type: "image/png", data: base64("png") } }
      ])
      yield* Effect.promise(() => client.files.delete(document))
      assert.deepInclude(yield* verify, { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))

  it.live("are refused by their place where they are not there, or too large", () =>
    Effect.gen(function*() {
      const { ask, upload, verify } = yield* given
      const large = yield* upload("a.txt", "x".repeat(21), "text/plain")
      for (const [id, code] of [[large, "file_too_large"], [`file-${"0".repeat(48)}`, "not_found"]] as const) {
        const refused = yield* ask("openai/m", [named(id)])
        assert.strictEqual(refused.status, 400, refused.text)
        assert.deepInclude(field(refused.json, "error") as Json, { param: "messages[0].content[1].file.file_id", code })
      }
      assert.deepInclude(yield* verify, { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))
})
