/** Files whose content lives at OpenAI. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Stream } from "effect"
import { FileStorage } from "../../../../src/apis/files/FileStorage.ts"
import * as VendorClient from "../../../../src/kernel/client/VendorClient.ts"
import type { Config } from "../../../../src/providers/remote/openai/OpenAiFiles.ts"
import { OpenAiFiles } from "../../../../src/providers/remote/openai/OpenAiFiles.ts"
import * as FakeOpenAiFiles from "../../../support/FakeOpenAiFiles.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { fileStorageContract } from "../../../support/fileStorageContract.ts"
import * as FilesWorld from "../../../support/FilesWorld.ts"
import { Strata } from "../../../support/Strata.ts"

const key = "sk-openai-files-key"

const given = Effect.fnUntraced(function*(more: Partial<Config> = {}) {
  const { kept, respond } = FakeOpenAiFiles.make()
  const upstream = yield* FakeUpstream.make({ respond, apiKey: key })
  const config: Config = {
    base_url: upstream.url,
    api_key: Redacted.make(key),
    purpose: "user_data",
    max_file_bytes: 1e9,
    timeout_ms: 10_000,
    connect_timeout_ms: 10_000,
    idle_timeout_ms: 10_000,
    ...more
  }
  const layer = Layer.provide(OpenAiFiles.layer(config, { provider_id: "openai" } as never), VendorClient.layer)
  return { kept, upstream, storage: Context.get(yield* Layer.build(layer), FileStorage) }
})

fileStorageContract("remote::openai", Effect.map(given(), ({ storage }) => storage))

describe("remote::openai for files", () => {
  it.live("given a server, then names and purposes go to the vendor, and its ids stand in the log alone", () =>
    Effect.gen(function*() {
      const { kept, respond } = FakeOpenAiFiles.make()
      const upstream = yield* FakeUpstream.make({ respond, apiKey: key })
      const config = { base_url: upstream.url, api_key: key }
      const strata = yield* Strata.make({
        more: { files: [{ provider_id: "openai", provider_type: "remote::openai", config }] }
      })
      const client = FilesWorld.clientOf(strata)
      const made = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File(["{\"a\":1}\r\n"], "Åse \"x\".jsonl"), purpose: "batch" })
      )
      assert.match(made.id, /^file-[0-9a-f]{24,}$/)
      assert.deepInclude([...kept.values()][0], { content: "{\"a\":1}\r\n" })
      const text = yield* FilesWorld.ask(() => client.files.content(made.id).then((response) => response.text()))
      assert.strictEqual(text, "{\"a\":1}\r\n")
      yield* FilesWorld.ask(() => client.files.delete(made.id))
      assert.strictEqual(kept.size, 0)
      const events = JSON.stringify(yield* strata.events())
      assert.include(events, "file-vendor-1")
      assert.notInclude(events, key)
    }))

  it.live("given a key that is refused, or a purpose that may not be read, then the vendor's words are there", () =>
    Effect.gen(function*() {
      const wrong = yield* given({ api_key: Redacted.make("sk-wrong") })
      const error = yield* Effect.flip(wrong.storage.write("file-1", Stream.make(Buffer.from("x"))))
      assert.include(error.message, "Incorrect API key provided")
      assert.notInclude(error.message, "sk-wrong")
      const { storage } = yield* given()
      const about = { filename: "a.txt", contentType: "text/plain", purpose: "assistants" }
      const { reference } = yield* storage.write("file-1", Stream.make(Buffer.from("x")), about)
      const unread = yield* Effect.flip(Stream.runDrain(storage.read("file-1", undefined, reference)))
      assert.include(unread.message, "Not allowed to download")
      assert.isFalse(unread.missing)
    }))

  it.live("given a server that has started anew, then files are found by what the vendor calls them", () =>
    Effect.gen(function*() {
      const { kept, storage, upstream } = yield* given()
      const { reference } = yield* storage.write("file-1", Stream.make(Buffer.from("0123456789")))
      const again = yield* given({ base_url: upstream.url })
      const part = yield* Stream.runCollect(again.storage.read("file-1", { start: 3, end: 5 }, reference))
      assert.strictEqual(Buffer.concat(part).toString(), "345")
      assert.include(yield* Effect.flip(Stream.runDrain(again.storage.read("file-1"))), { missing: true })
      yield* again.storage.remove("file-1", reference)
      assert.strictEqual(kept.size, 0)
    }))
})
