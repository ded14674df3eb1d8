/** `remote::s3`: files in a bucket of Amazon S3, or of a server that speaks it. */
import { Clock, Effect, Layer, Schedule, Stream } from "effect"
import { createHash } from "node:crypto"
import { PassThrough } from "node:stream"
import { FilesApi } from "../../../apis/files/FilesApi.ts"
import type { ByteRange, StorageKey } from "../../../apis/files/FileStorage.ts"
import { FileStorage, keyOrThrow } from "../../../apis/files/FileStorage.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as S3Bucket from "./S3Bucket.ts"
import { S3Config } from "./S3Config.ts"

/** So many bytes, of so many parts at once, are held at most while a file is written. */
const partSize = 5 * 1024 * 1024
const partsAtOnce = 2

const givingUpTime = "20 seconds"

/** Parts of uploads that a server has left when it was killed, milliseconds. */
const leftBehind = 24 * 60 * 60 * 1000
const cleaningInterval = "1 hour"

const uploadEnded = "the upload has ended"

const send = (target: PassThrough, chunk: Uint8Array) =>
  Effect.callback<void, Error | string>((resume) => {
    if (target.destroyed) return resume(Effect.fail(target.errored ?? uploadEnded))
    if (target.write(chunk)) return resume(Effect.void)
    const settle = (error?: Error | string | null) => {
      target.off("drain", onDrain).off("close", onClose)
      resume(error == null ? Effect.void : Effect.fail(error))
    }
    const onDrain = () => settle()
    const onClose = () => settle(target.errored ?? uploadEnded)
    target.once("drain", onDrain).once("close", onClose)
    return Effect.sync(() => void target.off("drain", onDrain).off("close", onClose))
  })

export const make = Effect.fnUntraced(function*(
  config: S3Config,
  provider: string,
  packages: () => Promise<S3Bucket.Packages> = S3Bucket.load
) {
  const { bucket_name: Bucket, max_file_bytes: maxFileBytes, prefix } = config
  const bucket = yield* S3Bucket.make(config, provider, packages)
  const failed = (operation: string) => S3Bucket.failed(provider, operation)
  const keyOf = (key: StorageKey): string => prefix + keyOrThrow(key)

  const attempt = <A>(operation: string, run: (bucket: S3Bucket.S3Bucket, signal: AbortSignal) => Promise<A>) =>
    Effect.flatMap(
      bucket,
      (reached) => Effect.tryPromise({ try: (signal) => run(reached, signal), catch: failed(operation) })
    )

  const write = <E, R>(key: StorageKey, content: Stream.Stream<Uint8Array, E, R>) =>
    Effect.gen(function*() {
      const { client, packages: { Upload } } = yield* bucket
      const sha256 = createHash("sha256")
      const md5 = createHash("md5")
      let bytes = 0
      const body = new PassThrough({ highWaterMark: 256 * 1024 })
      const upload = new Upload({
        client,
        params: { Bucket, Key: keyOf(key), Body: body },
        partSize,
        queueSize: partsAtOnce,
        // What is not whole leaves no part.
        leavePartsOnError: false
      })
      const done = upload.done()
      const uploaded = Effect.tryPromise({ try: () => done, catch: failed("be written") })
      const filled = Stream.runForEach(content, (chunk) => {
        bytes += chunk.length
        sha256.update(chunk)
        md5.update(chunk)
        return Effect.mapError(send(body, chunk), failed("be written"))
      }).pipe(Effect.andThen(Effect.sync(() => void body.end())))
      // Who fails first ends the other. The reason of the content is the one, and not that the upload was ended by it.
      yield* Effect.all([uploaded, filled], { concurrency: "unbounded", discard: true }).pipe(
        Effect.onError(() =>
          Effect.promise(() => {
            body.destroy(new Error("the upload was given up"))
            // Its parts are removed when it has ended.
            return upload.abort().then(() => done).then(() => {}, () => {})
          }).pipe(Effect.timeoutOption(givingUpTime))
        )
      )
      return { bytes, sha256: sha256.digest("hex"), md5: md5.digest("hex") }
    })

  const read = (key: StorageKey, range?: ByteRange) =>
    Stream.unwrap(
      Effect.map(
        attempt("be read", ({ client, packages: { GetObjectCommand } }, abortSignal) =>
          client.send(
            new GetObjectCommand({
              Bucket,
              Key: keyOf(key),
              ...range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` }
            }),
            { abortSignal }
          )),
        ({ Body }) =>
          Body === undefined
            ? Stream.empty
            : Stream.fromAsyncIterable(Body as AsyncIterable<Uint8Array>, failed("be read"))
      )
    )

  /** Parts of uploads that a server left when it was killed cost as much as files. */
  const clean = Effect.gen(function*() {
    const before = (yield* Clock.currentTimeMillis) - leftBehind
    const { Uploads = [] } = yield* attempt(
      "be cleaned",
      ({ client, packages: { ListMultipartUploadsCommand } }) =>
        client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }))
    )
    const left = Uploads.filter(({ Initiated }) => Initiated !== undefined && Initiated.getTime() < before)
    yield* Effect.forEach(
      left,
      ({ Key, UploadId }) =>
        attempt(
          "be cleaned",
          ({ client, packages: { AbortMultipartUploadCommand } }) =>
            client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
        ),
      { discard: true }
    )
  }).pipe(
    Effect.catch(({ reason }) => Effect.logDebug(`Uploads that were left in ${Bucket} can't be ended: ${reason}`)),
    // Not at once: who only starts loads no packages.
    Effect.delay(cleaningInterval),
    Effect.repeat(Schedule.forever)
  )
  yield* Effect.forkScoped(clean)

  const head = attempt(
    "be reached",
    ({ client, packages: { HeadBucketCommand } }, abortSignal) =>
      client.send(new HeadBucketCommand({ Bucket }), { abortSignal })
  )
  const create = attempt(
    "be reached",
    ({ client, packages: { CreateBucketCommand } }, abortSignal) =>
      client.send(new CreateBucketCommand({ Bucket }), { abortSignal })
  )

  return FileStorage.of({
    maxFileBytes,
    write,
    read,
    remove: (key) =>
      Effect.asVoid(
        attempt("be removed", ({ client, packages: { DeleteObjectCommand } }, abortSignal) =>
          client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(key) }), { abortSignal }))
      ),
    health: (config.auto_create_bucket ? Effect.catch(head, () => create) : head).pipe(
      Effect.asVoid,
      Effect.mapError(({ reason }) => ({ message: `The bucket ${Bucket} can't be reached: ${reason}` }))
    )
  })
})

export const S3Files = Provider.make({
  api: FilesApi,
  type: "remote::s3",
  displayName: "Files in S3",
  description: "Keeps files in a bucket of Amazon S3, or of a server that speaks it.",
  config: S3Config,
  requires: [],
  capabilities: ["files"],
  status: { status: "fixture", against: "s3rver, a server that speaks S3, over loopback", open: ["Amazon itself"] },
  layer: (config, { provider_id }) => Layer.effect(FileStorage, make(config, provider_id))
})
