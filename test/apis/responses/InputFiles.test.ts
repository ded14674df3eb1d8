/** Files that are kept here are read for who may, and reach every vendor with what they hold; a replay needs them no more. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"
import { chatModel } from "../../support/TurnWorld.ts"
import * as Vendors from "../../support/Vendors.ts"

type Json = Schema.JsonObject

const session = { "x-strata-session-id": "s" }
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64"
)
const absent = `file-${"0".repeat(48)}`

const given = Effect.fnUntraced(function*(server: Json = {}) {
  const upstreams = {
    anthropic: yield* FakeUpstream.make({
      respond: ({ method }) => method === "POST" ? Vendors.message([{ type: "text", text: "Read." }]) : undefined
    }),
    openai: yield* FakeUpstream.make({ respond: chatModel }),
    native: yield* FakeUpstream.make({ respond: ResponsesVendor.respond })
  }
  const { client, strata } = yield* FilesWorld.make({}, {
    level: "raw",
    server,
    providers: [
      Vendors.entry("anthropic", upstreams.anthropic),
      Vendors.entry("openai", upstreams.openai),
      { ...Vendors.entry("openai", upstreams.native, { api: "responses" }), provider_id: "native" }
    ]
  })
  const upload = (name: string, content: Uint8Array | string, type: string) =>
    Effect.map(
      Effect.promise(() =>
        client.files.create({
          file: new File([new Uint8Array(Buffer.from(content))], name, { type }),
          purpose: "user_data"
        })
      ),
      ({ id }) => id
    )
  return {
    client,
    strata,
    upload,
    create: (model: string, content: ReadonlyArray<Json>, more: Json = {}) =>
      Http.post(strata.url, "/v1/responses", { model, input: [{ role: "user", content }], ...more }, session),
    get: (path: string) => Http.send(strata.url, path),
    sent: (vendor: keyof typeof upstreams): unknown => upstreams[vendor].received.at(-1)!.body,
    verify: Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => json)
  }
})

const first = (body: unknown, name: string): unknown => field(listOf(field(body, name))[0], "content")

describe("files that are kept here", () => {
  it.live("reach every vendor with what they hold, and are needed by no verification", () =>
    Effect.gen(function*() {
      const { client, create, get, sent, strata, upload, verify } = yield* given()
      const notes = yield* upload("notes.txt", "It rains.", "text/plain")
      const image = yield* upload("pixel.png", pixel, "application/octet-stream")
      const content = [
        { type: "input_file", file_id: notes },
        { type: "input_image", file_id: image, detail: "low" },
        { type: "input_text", text: "hello" }
      ]
      const asked = yield* create("anthropic/m", [...content, { type: "input_file", file_id: notes }])
      assert.strictEqual(asked.status, 200, asked.text)
      // One that is named again is read once.
      assert.lengthOf(yield* strata.events({ types: ["file:given"] }), 2)
      assert.deepStrictEqual<unknown>(first(sent("anthropic"), "messages"), [
        { type: "document", source: { type: "text", media_type: "text/plain", data: "It rains." }, title: "notes.txt" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: pixel.toString("base64") } },
        { type: "text", text: "hello" },
        { type: "document", source: { type: "text", media_type: "text/plain", data: "It rains." }, title: "notes.txt" }
      ])
      assert.strictEqual((yield* create("openai/m", content)).status, 200)
      assert.deepStrictEqual<unknown>(first(sent("openai"), "messages"), [
        { type: "text", text: "notes.txt:\n\nIt rains." },
        { type: "image_url", image_url: { url: `data:image/png;base64,${pixel.toString("base64")}`, detail: "low" } },
        { type: "text", text: "hello" }
      ])
      // A vendor's own file is the vendor's.
      const own = { type: "input_file", file_id: "file-vendor1" }
      assert.strictEqual((yield* create("native/m", [...content, own])).status, 200)
      assert.deepStrictEqual<unknown>(first(sent("native"), "input"), [
        {
          type: "input_file",
          filename: "notes.txt",
          file_data: `data:text/plain;base64,${Buffer.from("It rains.").toString("base64")}`
        },
        { type: "input_image", image_url: `data:image/png;base64,${pixel.toString("base64")}`, detail: "low" },
        { type: "input_text", text: "hello" },
        own
      ])
      yield* Effect.promise(() => client.files.delete(notes))
      yield* Effect.promise(() => client.files.delete(image))
      // What was said before is said again without the file.
      const before = String(field(asked.json, "id"))
      const next = yield* create("anthropic/m", [{ type: "input_text", text: "and now?" }], {
        previous_response_id: before
      })
      assert.strictEqual(next.status, 200, next.text)
      assert.include(JSON.stringify(sent("anthropic")), "It rains.")
      // Who asks what was said gets it as it was sent, of the one before, too.
      const sentParts = [...content, { type: "input_file", file_id: notes }]
      for (const id of [before, String(field(next.json, "id"))]) {
        const items = (yield* get(`/v1/responses/${id}/input_items?order=asc`)).json
        assert.deepStrictEqual<unknown>(first(items, "data"), sentParts)
      }
      const [listed] = listOf(field((yield* get("/v1/responses?order=asc")).json, "data"))
      assert.deepStrictEqual<unknown>(first(listed, "input"), sentParts)
      assert.deepInclude(yield* verify, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))

  it.live("that stand elsewhere are fetched by vendors that do, and refused by their field over all others", () =>
    Effect.gen(function*() {
      const { create, sent, verify } = yield* given()
      const url = "https://example.com/a.pdf"
      const file = { type: "input_file", file_url: url }
      const fetched = yield* create("anthropic/m", [file])
      assert.strictEqual(fetched.status, 200, fetched.text)
      assert.deepStrictEqual<unknown>(first(sent("anthropic"), "messages"), [
        { type: "document", source: { type: "url", url } }
      ])
      assert.strictEqual((yield* create("native/m", [file])).status, 200)
      assert.deepStrictEqual<unknown>(first(sent("native"), "input"), [file])
      for (
        const [model, part] of [["openai/m", file], ["anthropic/m", {
          ...file,
          file_url: "file:///etc/passwd"
        }]] as const
      ) {
        const refused = yield* create(model, [part])
        assert.strictEqual(refused.status, 400, refused.text)
        assert.deepInclude(field(refused.json, "error"), { param: "input[0].content[0].file_url" })
      }
      assert.deepInclude(yield* verify, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))

  it.live("are refused by their place where they are not there, too large, or no image", () =>
    Effect.gen(function*() {
      const { client, create, upload, verify } = yield* given({ max_input_file_bytes: 10 })
      const long = yield* upload("long.txt", "x".repeat(11), "text/plain")
      const half = yield* upload("half.txt", "x".repeat(6), "text/plain")
      const text = { type: "input_text", text: "hello" }
      const cases: ReadonlyArray<readonly [Json, number, string]> = [
        [{ type: "input_file", file_id: absent }, 404, "POST /v1/files"],
        [{ type: "input_file", file_id: long }, 400, "server.max_input_file_bytes"],
        [{ type: "input_image", file_id: half }, 400, "no image"]
      ]
      for (const [part, status, words] of cases) {
        const refused = yield* create("anthropic/m", [text, part])
        assert.strictEqual(refused.status, status, refused.text)
        assert.deepInclude(field(refused.json, "error") as Json, { param: "input[0].content[1].file_id" })
        assert.include(refused.text, words)
      }
      const together = yield* create("anthropic/m", [half, half].map((file_id) => ({ type: "input_file", file_id })))
      assert.deepInclude(field(together.json, "error") as Json, { param: "input[0].content[1].file_id" })
      yield* Effect.promise(() => client.files.delete(half))
      assert.deepInclude(yield* verify, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))

  it.live("reach the model of a response in the background, when they are deleted already", () =>
    Effect.gen(function*() {
      const { client, create, get, sent, upload, verify } = yield* given()
      const notes = yield* upload("notes.txt", "It rains.", "text/plain")
      const queued = yield* create("anthropic/m", [{ type: "input_file", file_id: notes }], { background: true })
      assert.strictEqual(queued.status, 200, queued.text)
      yield* Effect.promise(() => client.files.delete(notes))
      yield* ResponsesWorld.awaitStatus(get, String(field(queued.json, "id")), "completed")
      assert.include(JSON.stringify(first(sent("anthropic"), "messages")), "It rains.")
      assert.deepInclude(yield* verify, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("of a vendor are refused over another dialect", () =>
    Effect.gen(function*() {
      const { create } = yield* given()
      const refused = yield* create("anthropic/m", [{ type: "input_file", file_id: "file-vendor1" }])
      assert.strictEqual(refused.status, 400)
      assert.deepInclude(field(refused.json, "error") as Json, { param: "input[0].content[0].file_id" })
    }).pipe(Effect.scoped))
})
