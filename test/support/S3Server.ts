/** A server that speaks S3, in this process, with an empty bucket. */
import { Effect } from "effect"
import S3rver from "s3rver"
import * as TemporaryFolder from "./TemporaryFolder.ts"

export const bucket = "files"

/** Its only key. */
export const keys = { aws_access_key_id: "S3RVER", aws_secret_access_key: "S3RVER" }

export const make = Effect.gen(function*() {
  const directory = yield* TemporaryFolder.make
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }]
  })
  const { port } = yield* Effect.acquireRelease(
    Effect.promise(() => server.run()),
    () => Effect.promise(() => server.close())
  )
  return { url: `http://127.0.0.1:${port}`, directory }
})
