/** A bucket behind a server: what a client calls its file leads nowhere, and what breaks off is no file there. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { readdirSync } from "node:fs"
import { request } from "node:http"
import { S3Config } from "../../../../src/providers/remote/s3/S3Config.ts"
import * as S3Files from "../../../../src/providers/remote/s3/S3Files.ts"
import { ask, clientOf } from "../../../support/FilesWorld.ts"
import * as S3Server from "../../../support/S3Server.ts"
import { Strata } from "../../../support/Strata.ts"

const hostile = ["../../etc/passwd", "..\\..\\passwd", "/etc/passwd", "a/../../passwd", "\u0000../passwd"]

const given = Effect.gen(function*() {
  const { directory, url } = yield* S3Server.make
  const config = { bucket_name: S3Server.bucket, endpoint_url: url, prefix: "strata/", ...S3Server.keys }
  const files = [{ provider_id: "s3", provider_type: "remote::s3", config }]
  const strata = yield* Strata.make({ more: { files } })
  /** Parts of what was begun are no objects: s3rver removes none of them, whoever asks. */
  const objects = () =>
    readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map(
      ({ name, parentPath }) => `${parentPath.slice(directory.length)}/${name}`
    ).filter((path) => !path.includes("._S3rver_uploads"))
  return { client: clientOf(strata), config, objects, strata }
})

/** A form whose sender leaves in the middle of the file, once so many bytes are on their way. */
const torn = (url: string, field: string, bytes: number) =>
  Effect.callback<void>((resume) => {
    const sent = request(url, { method: "POST", headers: { "content-type": "multipart/form-data; boundary=x" } })
    sent.on("error", () => resume(Effect.void))
    sent.write(`--x\r\ncontent-disposition: form-data; name="${field}"; filename="../torn"\r\n\r\n`)
    sent.write(Buffer.alloc(bytes, "x"), () => sent.destroy(new Error("left")))
  })

const isEmpty = (objects: () => ReadonlyArray<string>) =>
  Effect.repeat(Effect.delay(Effect.sync(objects), "50 millis"), { until: (all) => all.length === 0, times: 200 })

describe("remote::s3 behind a server", () => {
  it.live(
    "given names that lead elsewhere, then every object is under the prefix, and a name is its last part",
    () =>
      Effect.gen(function*() {
        const { client, objects } = yield* given
        for (const name of hostile) {
          const file = yield* ask(() => client.files.create({ file: new File(["x"], name), purpose: "user_data" }))
          assert.strictEqual(file.filename, "passwd")
          const content = yield* ask(async () => (await client.files.content(file.id)).text())
          assert.strictEqual(content, "x")
        }
        const begun = { filename: hostile[0]!, bytes: 3, mime_type: "text/plain", purpose: "user_data" } as const
        const { id } = yield* ask(() => client.uploads.create(begun))
        const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], hostile[0]!) }))
        const { file } = yield* ask(() => client.uploads.complete(id, { part_ids: [part.id] }))
        assert.strictEqual(file?.filename, "passwd")
        const all = objects()
        assert.isAbove(all.length, hostile.length)
        assert.isTrue(all.every((path) => path.startsWith(`/${S3Server.bucket}/strata/file-`)), all.join("\n"))
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("given keys that lead elsewhere, then the bucket is not asked", () =>
    Effect.gen(function*() {
      const { config, objects } = yield* given
      const storage = yield* S3Files.make(Schema.decodeSync(S3Config)(config), "s3")
      for (const key of ["../x", "a/b", "", "%2e%2e%2fx"]) {
        assert.strictEqual((yield* Effect.exit(storage.write(key, Stream.make(Buffer.from("x")))))._tag, "Failure")
        assert.strictEqual((yield* Effect.exit(Stream.runDrain(storage.read(key))))._tag, "Failure")
        assert.strictEqual((yield* Effect.exit(storage.remove(key)))._tag, "Failure")
      }
      assert.deepStrictEqual(objects(), [])
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "given a sender who leaves, then there is no object, and the upload goes on",
    () =>
      Effect.gen(function*() {
        const { client, objects, strata: { url } } = yield* given
        const twelve = 12 * 1024 * 1024
        yield* torn(`${url}/v1/files`, "file", twelve)
        const begun = { filename: "a", bytes: 3, mime_type: "text/plain", purpose: "user_data" } as const
        const { id } = yield* ask(() => client.uploads.create(begun))
        yield* torn(`${url}/v1/uploads/${id}/parts`, "data", twelve)
        yield* isEmpty(objects)
        assert.deepStrictEqual(objects(), [])
        assert.deepStrictEqual((yield* ask(() => client.files.list())).data, [])
        const part = yield* ask(() => client.uploads.parts.create(id, { data: new File(["abc"], "part") }))
        const { file } = yield* ask(() => client.uploads.complete(id, { part_ids: [part.id] }))
        assert.strictEqual(file?.bytes, 3)
      }).pipe(Effect.scoped),
    60_000
  )
})
