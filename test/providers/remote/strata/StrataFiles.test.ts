/** `remote::strata` for files: their bytes are at another Strata. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema, Stream } from "effect"
import { FileStorage } from "../../../../src/apis/files/FileStorage.ts"
import * as VendorClient from "../../../../src/kernel/client/VendorClient.ts"
import * as ForwardingDepth from "../../../../src/kernel/requests/ForwardingDepth.ts"
import { withLongestFile } from "../../../../src/providers/remote/strata/StrataConfig.ts"
import { StrataFiles } from "../../../../src/providers/remote/strata/StrataFiles.ts"
import { fileStorageContract } from "../../../support/fileStorageContract.ts"
import * as FilesWorld from "../../../support/FilesWorld.ts"
import { Strata } from "../../../support/Strata.ts"

const configOf = Schema.decodeSync(withLongestFile(1e9))

const given = Effect.gen(function*() {
  const { strata } = yield* FilesWorld.make()
  const layer = Layer.provide(
    StrataFiles.layer(configOf({ base_url: strata.url }), { provider_id: "far" } as never),
    VendorClient.layer
  )
  return { strata, storage: Context.get(yield* Layer.build(layer), FileStorage) }
})

fileStorageContract("remote::strata", Effect.map(given, ({ storage }) => storage))

describe("remote::strata for files", () => {
  it.live("given OpenAI's client, then bytes and names are at the other Strata until they are deleted", () =>
    Effect.gen(function*() {
      const { client: atBack, strata: back } = yield* FilesWorld.make()
      const front = yield* Strata.make({
        more: { files: [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: back.url } }] }
      })
      const client = FilesWorld.clientOf(front)
      const bytes = new Uint8Array([0, 255, 13, 10, 45, 45, 254])
      const made = yield* FilesWorld.ask(() =>
        client.files.create({ file: new File([bytes], "Åse \"x\".bin"), purpose: "assistants" })
      )
      const [kept] = (yield* FilesWorld.ask(() => atBack.files.list())).data
      assert.deepInclude(kept, { filename: made.filename, bytes: bytes.length })
      assert.notStrictEqual(kept?.id, made.id)
      const content = yield* FilesWorld.ask(() => client.files.content(made.id).then((answer) => answer.arrayBuffer()))
      assert.deepStrictEqual([...new Uint8Array(content)], [...bytes])
      yield* FilesWorld.ask(() => client.files.delete(made.id))
      assert.deepStrictEqual((yield* FilesWorld.ask(() => atBack.files.list())).data, [])
    }))

  it.live("given a file that is longer than the other Strata takes, then 413 says so, and nothing is kept", () =>
    Effect.gen(function*() {
      const { strata: back } = yield* FilesWorld.make({ max_file_bytes: 10 })
      const front = yield* Strata.make({
        more: { files: [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: back.url } }] }
      })
      const client = FilesWorld.clientOf(front)
      const error = yield* FilesWorld.refusal(() =>
        client.files.create({ file: new File(["x".repeat(11)], "long.txt"), purpose: "assistants" })
      )
      assert.deepInclude(error, { status: 413, code: "file_too_large" })
      assert.include(error.message, "longer than 10 bytes")
      assert.deepStrictEqual((yield* FilesWorld.ask(() => client.files.list())).data, [])
    }))

  it.live("given a request that has passed too many servers, then nothing is sent", () =>
    Effect.gen(function*() {
      const { storage, strata } = yield* given
      const error = yield* Effect.flip(
        storage.write("file-1", Stream.make(Buffer.from("x"))).pipe(
          Effect.provideService(ForwardingDepth.CurrentForwardingDepth, 4)
        )
      )
      assert.include(error.message, "sent in a circle")
      assert.notInclude(JSON.stringify(yield* strata.events()), "file:created")
    }))
})
