/** File processors over HTTP. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Keys } from "../../support/Keys.ts"
import * as OfficeFiles from "../../support/OfficeFiles.ts"
import { Strata } from "../../support/Strata.ts"

const root = "/v1alpha/file-processors"

interface Answer {
  readonly status: number
  readonly body: Schema.JsonObject
}

/** A form with a file, fields, or both. */
const form = (fields: Readonly<Record<string, string>>, file?: Uint8Array | string, name = "notes.pdf") => {
  const data = new FormData()
  if (file !== undefined) data.append("file", new Blob([Buffer.from(file)]), name)
  for (const [key, value] of Object.entries(fields)) data.append(key, value)
  return data
}

const ask = (strata: Strata, method: string, path: string, body?: FormData | object, key = "key") =>
  Effect.promise(async (signal): Promise<Answer> => {
    const isForm = body instanceof FormData
    const response = await fetch(`${strata.url}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${key}`,
        ...isForm || body === undefined ? {} : { "content-type": "application/json" }
      },
      ...body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }
    })
    return { status: response.status, body: await response.json() as Schema.JsonObject }
  })

const process = (strata: Strata, body: FormData) => ask(strata, "POST", `${root}/process`, body)

const errorOf = ({ body, status }: Answer) => ({
  status,
  ...body["error"] as { readonly code: string; readonly message: string }
})

const contentsOf = ({ chunks }: Schema.JsonObject) =>
  (chunks as ReadonlyArray<Schema.JsonObject>).map(({ content }) => content)

const ended = Effect.fnUntraced(function*(strata: Strata, id: string) {
  while (true) {
    const { body } = yield* ask(strata, "GET", `${root}/jobs/${id}`)
    if (!["queued", "in_progress"].includes(String(body["status"]))) return body
    yield* Effect.sleep("20 millis")
  }
})

const pdf = OfficeFiles.pdf(["Oslo is cold.", "Bergen is wet."])

describe("a file processor", () => {
  it.live("given a file in the form, or the id of one that is kept, when it is processed, then the chunks say where they are from", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* FilesWorld.make()
      const sent = yield* process(strata, form({ chunking_strategy: "{\"type\":\"none\"}" }, pdf))
      assert.strictEqual(sent.status, 200, JSON.stringify(sent.body))
      assert.deepStrictEqual(contentsOf(sent.body), ["Oslo is cold.\n\nBergen is wet."])
      assert.deepStrictEqual(sent.body["metadata"], {
        content_type: "application/pdf",
        characters: 29,
        parts: 2,
        warnings: []
      })
      const { id } = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File([pdf], "kept.pdf"), purpose: "assistants" })
      )
      const kept = yield* process(strata, form({ file_id: id }))
      const [chunk] = kept.body["chunks"] as ReadonlyArray<Schema.JsonObject>
      assert.deepInclude(chunk?.["chunk_metadata"], {
        document_id: id,
        source: "kept.pdf",
        chunk_tokenizer: "o200k_base",
        chunk_window: "0-29"
      })
      assert.deepStrictEqual(chunk?.["metadata"], { page: 1 })
      const again = yield* process(strata, form({ file_id: id }))
      assert.deepStrictEqual(
        (again.body["chunks"] as ReadonlyArray<Schema.JsonObject>)[0]?.["chunk_id"],
        chunk?.["chunk_id"]
      )
    }))

  it.live("given what can't be processed, then the answer says what is wrong and what to do", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make({}, {})
      const cases: ReadonlyArray<readonly [FormData, number, string]> = [
        [form({}, OfficeFiles.pdf([""])), 400, "no_text"],
        [form({}, OfficeFiles.encryptedPdf()), 400, "encrypted"],
        [form({}, "%PDF-1.4 and nothing"), 400, "broken"],
        [form({}, Buffer.from("\x89PNG", "latin1")), 415, "unsupported_type"],
        [form({ file_id: "file-none" }), 404, "file_not_found"],
        [form({}), 400, "invalid_file_processing"],
        [form({ file_id: "file-none" }, "both"), 400, "invalid_file_processing"],
        [form({ chunking_strategy: "auto" }, "x"), 400, "invalid_file_processing"],
        [
          form({ chunking_strategy: "{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":200}}" }, "x"),
          400,
          "invalid_file_processing"
        ]
      ]
      for (const [body, status, code] of cases) {
        assert.deepInclude(errorOf(yield* process(strata, body)), { status, code })
      }
      const overlap = errorOf(
        yield* process(
          strata,
          form({ chunking_strategy: "{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":200}}" }, "x")
        )
      )
      assert.include(overlap.message, "at most half of max_chunk_size_tokens")
    }))

  it.live("given limits of its provider, then what is more is refused, and names the setting", () =>
    Effect.gen(function*() {
      const config = { max_file_bytes: 1000, max_unpacked_bytes: 5000 }
      const strata = yield* Strata.make({
        more: {
          files: [FilesWorld.entry],
          file_processors: [{ provider_id: "auto", provider_type: "inline::auto", config }]
        }
      })
      const long = errorOf(yield* process(strata, form({}, "x".repeat(1001))))
      assert.strictEqual(long.status, 413)
      assert.include(long.message, "max_file_bytes")
      const bomb = OfficeFiles.zip({ "word/document.xml": Buffer.alloc(100_000) })
      const unpacked = errorOf(yield* process(strata, form({}, bomb)))
      assert.strictEqual(unpacked.status, 413)
      assert.include(unpacked.message, "max_unpacked_bytes")
    }))
})

describe("a job of a file processor", () => {
  it.live("of somebody else can't be read, cancelled or listed; nor can another's file be processed", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make({}, { auth: { providers: [Keys.provider({ alice: {}, bob: {} })] } })
      const [alice, bob] = [Keys.keyOf("alice"), Keys.keyOf("bob")]
      const client = FilesWorld.clientOf(strata, alice)
      const { id: file_id } = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File(["Oslo"], "a.txt"), purpose: "assistants" })
      )
      const made = yield* ask(strata, "POST", `${root}/jobs`, { file_id }, alice)
      const id = String(made.body["id"])
      assert.strictEqual((yield* ask(strata, "GET", `${root}/jobs/${id}`, undefined, bob)).status, 404)
      assert.strictEqual((yield* ask(strata, "POST", `${root}/jobs/${id}/cancel`, undefined, bob)).status, 404)
      assert.deepStrictEqual((yield* ask(strata, "GET", `${root}/jobs`, undefined, bob)).body["data"], [])
      assert.strictEqual((yield* ask(strata, "POST", `${root}/jobs`, { file_id }, bob)).status, 404)
      assert.strictEqual((yield* ask(strata, "POST", `${root}/process`, form({ file_id }), bob)).status, 404)
    }))

  it.live("given a file, when it is processed in the background, then its chunks are there, and nothing of them in lists", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* FilesWorld.make()
      const text = Array.from({ length: 4000 }, (_, at) => `Sentence ${at} is about Oslo.`).join(" ")
      const { id: file_id } = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File([text], "long.txt"), purpose: "assistants" })
      )
      const chunking_strategy = {
        type: "static",
        static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 }
      }
      const made = yield* ask(strata, "POST", `${root}/jobs`, { file_id, chunking_strategy })
      assert.deepInclude(made.body, { object: "file_processing_job", file_id, status: "queued", chunking_strategy })
      const job = yield* ended(strata, String(made.body["id"]))
      assert.deepInclude(job, { status: "completed", progress: 1, error: null })
      const contents = contentsOf(job["result"] as Schema.JsonObject)
      assert.isAbove(contents.length, 200)
      assert.strictEqual(contents.length, job["chunk_count"])
      assert.strictEqual(contents.join(""), text)
      const list = yield* ask(strata, "GET", `${root}/jobs?status=completed`)
      const [listed] = list.body["data"] as ReadonlyArray<Schema.JsonObject>
      assert.strictEqual(listed?.["id"], made.body["id"])
      assert.isUndefined(listed?.["result"])
      assert.deepStrictEqual((yield* ask(strata, "GET", `${root}/jobs?status=failed`)).body["data"], [])
      const late = yield* ask(strata, "POST", `${root}/jobs/${String(made.body["id"])}/cancel`)
      assert.deepInclude(errorOf(late), { status: 409, code: "file_processing_job_ended" })
    }))

  it.live("given a file without text, then it fails and says why", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* FilesWorld.make()
      const { id: file_id } = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File([OfficeFiles.pdf([""])], "scan.pdf"), purpose: "assistants" })
      )
      const made = yield* ask(strata, "POST", `${root}/jobs`, { file_id })
      const job = yield* ended(strata, String(made.body["id"]))
      assert.deepInclude(job, { status: "failed", chunk_count: null, result: null })
      assert.include(job["error"], { code: "no_text" })
    }))

  it.live("given it is cancelled before its end, then it is cancelled, and has no chunks", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* FilesWorld.make()
      const { id: file_id } = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File(["ab1 ".repeat(4_000_000)], "long.txt"), purpose: "assistants" })
      )
      const made = yield* ask(strata, "POST", `${root}/jobs`, { file_id })
      const id = String(made.body["id"])
      const cancelled = yield* ask(strata, "POST", `${root}/jobs/${id}/cancel`)
      assert.deepInclude(cancelled.body, { id, status: "cancelled" })
      assert.deepInclude(yield* ended(strata, id), { status: "cancelled", result: null })
    }))
})
