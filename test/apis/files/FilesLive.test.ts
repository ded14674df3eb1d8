/** Files over HTTP, with OpenAI's own client. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { FetchHttpClient, HttpBody, HttpClient } from "effect/http"
import { readdirSync } from "node:fs"
import { BadRequestError, ConflictError, NotFoundError } from "openai"
import { FileKind } from "../../../src/apis/files/FilesKinds.ts"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const { ask, refusal } = FilesWorld

const upload = (client: ReturnType<typeof FilesWorld.clientOf>, text: string, name = "notes.txt") =>
  ask(() => client.files.create({ file: new File([text], name), purpose: "assistants" }))

/** The files of a folder and those below it. */
const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map(({ name }) => name)

describe.each(ways)("files, before $way", ({ it, stored }) => {
  it.live("are stored, retrieved, downloaded, and deleted with their content", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { client, strata } = yield* FilesWorld.make({ storage_dir: folder })
      const made = yield* upload(client, "Oslo is cold.")
      assert.include(made, {
        object: "file",
        bytes: 13,
        filename: "notes.txt",
        purpose: "assistants",
        status: "processed"
      })
      assert.match(made.id, /^file-[0-9a-f]{24,}$/)
      assert.deepStrictEqual(yield* ask(() => client.files.retrieve(made.id)), made)
      const content = yield* ask(() => client.files.content(made.id).then((response) => response.text()))
      assert.strictEqual(content, "Oslo is cold.")
      assert.deepStrictEqual(filesIn(folder).map(stored(made.id)), [made.id])
      const deleted = yield* ask(() => client.files.delete(made.id))
      assert.deepStrictEqual(deleted, { id: made.id, object: "file", deleted: true })
      assert.deepStrictEqual(filesIn(folder), [])
      const error = yield* refusal(() => client.files.retrieve(made.id))
      assert.instanceOf(error, NotFoundError)
      assert.strictEqual(error.code, "file_not_found")
      // The content is in no event.
      for (const event of yield* strata.events()) assert.notInclude(JSON.stringify(event), "Oslo")
    }))

  it.live("are listed by pages, by purpose, and in either order", () =>
    Effect.gen(function*() {
      const { client } = yield* FilesWorld.make()
      const ids: Array<string> = []
      for (const text of ["a", "b", "c", "d", "e"]) ids.push((yield* upload(client, text)).id)
      yield* ask(() => client.files.create({ file: new File(["{}"], "x.jsonl"), purpose: "batch" }))
      const all = (query: object) =>
        Stream.fromAsyncIterable(client.files.list({ limit: 2, ...query }), (cause) => cause).pipe(
          Stream.map(({ id }) => id),
          Stream.runCollect
        )
      assert.deepStrictEqual(yield* all({ purpose: "assistants", order: "asc" }), ids)
      assert.deepStrictEqual(yield* all({ purpose: "assistants" }), ids.toReversed())
      assert.strictEqual((yield* all({})).length, 6)
    }))

  it.live("give a range of their content, say when it has not changed, and refuse a range that is not there", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* FilesWorld.make()
      const { id } = yield* upload(client, "0123456789")
      const get = (headers: Record<string, string>) => Http.send(strata.url, `/v1/files/${id}/content`, { headers })
      const part = yield* get({ range: "bytes=2-4" })
      assert.deepStrictEqual([part.status, part.text, part.headers["content-range"]], [206, "234", "bytes 2-4/10"])
      assert.strictEqual((yield* get({ range: "bytes=-3" })).text, "789")
      assert.strictEqual((yield* get({ range: "bytes=7-" })).text, "789")
      const whole = yield* get({ range: "lines=1-2" })
      assert.deepStrictEqual([whole.status, whole.text], [200, "0123456789"])
      const etag = String(whole.headers["etag"])
      assert.strictEqual((yield* get({ "if-none-match": etag })).status, 304)
      assert.strictEqual((yield* get({ range: "bytes=10-" })).status, 416)
    }))

  it.live("come in parts, side by side, and are one file in the order that is named", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { client } = yield* FilesWorld.make({ storage_dir: folder })
      const { id } = yield* ask(() =>
        client.uploads.create({ filename: "big.txt", bytes: 9, mime_type: "text/plain", purpose: "assistants" })
      )
      const parts = yield* Effect.forEach(
        ["abc", "def", "ghi"],
        (text) => ask(() => client.uploads.parts.create(id, { data: new File([text], "part") })),
        { concurrency: "unbounded" }
      )
      const part_ids = parts.map((part) => part.id)
      const wrong = yield* refusal(() => client.uploads.complete(id, { part_ids: part_ids.slice(0, 2) }))
      assert.instanceOf(wrong, BadRequestError)
      assert.include(wrong.message, "6 bytes")
      const corrupt = yield* refusal(() => client.uploads.complete(id, { part_ids, md5: "0".repeat(32) }))
      assert.include(corrupt.message, "MD5")
      const done = yield* ask(() =>
        client.uploads.complete(id, { part_ids: [part_ids[2]!, part_ids[0]!, part_ids[1]!] })
      )
      assert.strictEqual(done.status, "completed")
      const file = done.file!
      assert.strictEqual(
        yield* ask(() => client.files.content(file.id).then((response) => response.text())),
        "ghiabcdef"
      )
      assert.deepStrictEqual(filesIn(folder).map(stored(file.id)), [file.id])
      assert.instanceOf(yield* refusal(() => client.uploads.cancel(id)), ConflictError)
    }))

  it.live("are not there where an upload is cancelled, and its parts are gone", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { client } = yield* FilesWorld.make({ storage_dir: folder })
      const { id } = yield* ask(() =>
        client.uploads.create({ filename: "big.txt", bytes: 3, mime_type: "text/plain", purpose: "assistants" })
      )
      yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], "part") }))
      assert.strictEqual((yield* ask(() => client.uploads.cancel(id))).status, "cancelled")
      assert.deepStrictEqual(filesIn(folder), [])
      const late = ask(() => client.uploads.parts.create(id, { data: new File(["x"], "part") }))
      assert.instanceOf((yield* Effect.flip(late)).cause, ConflictError)
    }))

  it.live("have names that lead nowhere, and are refused where the form is wrong, with nothing left behind", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { client, strata } = yield* FilesWorld.make({ storage_dir: folder, max_file_bytes: 100 })
      const made = yield* upload(client, "x", "../../etc/passwd")
      assert.strictEqual(made.filename, "passwd")
      yield* ask(() => client.files.delete(made.id))
      const send = (name: string, fields: Record<string, string>, bytes = 3) =>
        Effect.gen(function*() {
          const body = new FormData()
          body.append(name, new Blob([Buffer.alloc(bytes, "x")]), "a.txt")
          for (const [key, value] of Object.entries(fields)) body.append(key, value)
          const response = yield* HttpClient.post(`${strata.url}/v1/files`, { body: HttpBody.formData(body) })
          const { error } = (yield* response.json) as {
            readonly error: { readonly param: string; readonly message: string }
          }
          return { status: response.status, ...error }
        }).pipe(Effect.provide(FetchHttpClient.layer))
      const noPurpose = yield* send("file", {})
      assert.deepInclude([noPurpose.status, noPurpose.param], 400)
      assert.strictEqual(noPurpose.param, "purpose")
      const odd = yield* send("file", { purpose: "poetry" })
      assert.deepStrictEqual([odd.status, odd.param], [400, "purpose"])
      const soon = yield* send("file", {
        purpose: "user_data",
        "expires_after[anchor]": "created_at",
        "expires_after[seconds]": "5"
      })
      assert.deepStrictEqual([soon.status, soon.param], [400, "expires_after"])
      const noFile = yield* send("document", { purpose: "user_data" })
      assert.deepStrictEqual([noFile.status, noFile.param], [400, "document"])
      const long = yield* send("file", { purpose: "user_data" }, 101)
      assert.strictEqual(long.status, 413)
      assert.include(long.message, "max_file_bytes")
      assert.deepStrictEqual(filesIn(folder), [])
      const json = yield* Http.send(strata.url, "/v1/files", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}"
      })
      assert.strictEqual(json.status, 415)
    }))

  it.live.each(["application/json", "application/jsonl", "application/json; charset=utf-8"])(
    "of the type %s are files as others are",
    (type) =>
      Effect.gen(function*() {
        const { client } = yield* FilesWorld.make()
        const file = new File(["{}"], "data.json", { type })
        const { id } = yield* ask(() => client.files.create({ file, purpose: "assistants" }))
        assert.strictEqual(yield* ask(() => client.files.content(id).then((answer) => answer.text())), "{}")
      })
  )

  it.live("may be longer than other bodies", () =>
    Effect.gen(function*() {
      const { client } = yield* FilesWorld.make({}, { maxBodyBytes: 1000 })
      const made = yield* upload(client, "x".repeat(100_000))
      assert.strictEqual(made.bytes, 100_000)
      const { id } = yield* ask(() =>
        client.uploads.create({ filename: "big.txt", bytes: 5000, mime_type: "text/plain", purpose: "assistants" })
      )
      const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["x".repeat(5000)], "part") }))
      assert.strictEqual((yield* ask(() => client.uploads.complete(id, { part_ids: [part.id] }))).status, "completed")
    }))

  it.live("say how to configure a storage where there is none", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make()
      const client = FilesWorld.clientOf(strata)
      const error = yield* Effect.flip(upload(client, "x"))
      assert.include(String(error.cause), "inline::localfs")
    }))
})

describe("files as documents", () => {
  it.live("of somebody else can't be read, listed or deleted", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make({}, { auth: { providers: [Keys.provider({ alice: {}, bob: {} })] } })
      const [alice, bob] = ["alice", "bob"].map((name) => FilesWorld.clientOf(strata, Keys.keyOf(name)))
      const { id } = yield* upload(alice!, "mine")
      assert.instanceOf(yield* refusal(() => bob!.files.retrieve(id)), NotFoundError)
      assert.instanceOf(yield* refusal(() => bob!.files.delete(id)), NotFoundError)
      assert.strictEqual((yield* refusal(() => bob!.files.content(id))).status, 404)
      assert.deepStrictEqual((yield* ask(() => bob!.files.list())).data, [])
      assert.strictEqual((yield* ask(() => alice!.files.list())).data.length, 1)
    }))

  it("stand in a table of their own", () => assert.strictEqual(FileKind.projection.name, "files"))
})
