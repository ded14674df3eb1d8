/** Files in a bucket, against a server that speaks S3. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schema, Stream } from "effect"
import { S3Config } from "../../../../src/providers/remote/s3/S3Config.ts"
import * as S3Files from "../../../../src/providers/remote/s3/S3Files.ts"
import { fileStorageContract } from "../../../support/fileStorageContract.ts"
import * as S3Server from "../../../support/S3Server.ts"

const configOf = (url: string, more: Partial<typeof S3Config.Encoded> = {}) =>
  Schema.decodeSync(S3Config)({ bucket_name: S3Server.bucket, endpoint_url: url, ...S3Server.keys, ...more })

const given = Effect.fnUntraced(function*(more: Partial<typeof S3Config.Encoded> = {}) {
  const { url } = yield* S3Server.make
  const storage = yield* S3Files.make(configOf(url, more), "s3")
  return { url, storage }
})

fileStorageContract("remote::s3", Effect.map(given({ prefix: "strata/" }), ({ storage }) => storage))

const block = Buffer.alloc(1024 * 1024, "x")

describe("remote::s3", () => {
  it.live("given two prefixes of one bucket, then each has its own", () =>
    Effect.gen(function*() {
      const { storage, url } = yield* given({ prefix: "one/" })
      const other = yield* S3Files.make(configOf(url, { prefix: "two/" }), "s3")
      yield* storage.write("file-1", Stream.make(Buffer.from("x")))
      assert.include(yield* Effect.flip(Stream.runDrain(other.read("file-1"))), { missing: true })
    }))

  it.live("given a bucket that is missing, then it says so and what to do; and makes it where it is told to", () =>
    Effect.gen(function*() {
      const { storage, url } = yield* given({ bucket_name: "absent" })
      const error = yield* Effect.flip(storage.write("file-1", Stream.make(Buffer.from("x"))))
      assert.include(error, { _tag: "StorageFailed", missing: false })
      assert.include(error.message, "auto_create_bucket")
      assert.include((yield* Effect.flip(storage.health!)).message, "absent")
      const maker = yield* S3Files.make(configOf(url, { bucket_name: "absent", auto_create_bucket: true }), "s3")
      yield* maker.health!
      assert.include(yield* storage.write("file-1", Stream.make(Buffer.from("x"))), { bytes: 1 })
    }))

  it.live("given a key that is wrong, then it names the setting, and shows no key", () =>
    Effect.gen(function*() {
      const { storage } = yield* given({ aws_access_key_id: "nobody", aws_secret_access_key: "wrong-secret-key" })
      const error = yield* Effect.flip(storage.write("file-1", Stream.make(Buffer.from("x"))))
      assert.include(error.message, "aws_access_key_id")
      assert.notInclude(error.message, "wrong-secret-key")
      const config = configOf("http://x", { aws_secret_access_key: "wrong-secret-key" })
      assert.isTrue(Redacted.isRedacted(config.aws_secret_access_key))
      assert.notInclude(JSON.stringify(config), "wrong-secret-key")
    }))

  it.live("given packages that are not installed, then it says which, and how to install them", () =>
    Effect.gen(function*() {
      const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" })
      const storage = yield* S3Files.make(configOf("http://x"), "s3", () => Promise.reject(missing))
      const error = yield* Effect.flip(storage.remove("file-1"))
      assert.include(error.message, "npm install @aws-sdk/client-s3 @aws-sdk/lib-storage")
    }))

  it.live("given a file of several parts that breaks off, or whose sender leaves, then there is nothing", () =>
    Effect.gen(function*() {
      const { storage } = yield* given()
      const twelve = Stream.range(1, 12).pipe(Stream.map(() => block))
      const broken = Stream.concat(twelve, Stream.fail("the client left" as const))
      assert.strictEqual(yield* Effect.flip(storage.write("file-1", broken)), "the client left")
      const endless = Stream.concat(twelve, Stream.never)
      const writing = yield* Effect.forkChild(storage.write("file-1", endless))
      yield* Effect.sleep("300 millis")
      yield* Fiber.interrupt(writing)
      assert.include(yield* Effect.flip(Stream.runDrain(storage.read("file-1"))), { missing: true })
      const whole = yield* storage.write("file-1", twelve)
      assert.strictEqual(whole.bytes, 12 * block.length)
      const middle = yield* Stream.runCollect(storage.read("file-1", { start: 5_242_870, end: 5_242_889 }))
      assert.strictEqual(Buffer.concat(middle).toString(), "x".repeat(20))
    }))

  it.live("given who reads leaves, then the next one reads", () =>
    Effect.gen(function*() {
      const { storage } = yield* given()
      yield* storage.write("file-1", Stream.range(1, 20).pipe(Stream.map(() => block)))
      for (let time = 0; time < 60; time++) {
        const [first] = yield* Stream.runCollect(Stream.take(storage.read("file-1"), 1))
        assert.isAbove(first!.length, 0)
      }
    }))
})
