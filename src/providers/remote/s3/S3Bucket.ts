/** A bucket behind Amazon's client, which is loaded when it is first asked, and need not be installed. */
import type * as Library from "@aws-sdk/client-s3"
import type * as UploadLibrary from "@aws-sdk/lib-storage"
import { Effect, Predicate, Redacted } from "effect"
import { StorageFailed } from "../../../apis/files/FileStorage.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { S3Config } from "./S3Config.ts"

export type Packages =
  & Pick<
    typeof Library,
    | "S3Client"
    | "GetObjectCommand"
    | "DeleteObjectCommand"
    | "HeadBucketCommand"
    | "CreateBucketCommand"
    | "ListMultipartUploadsCommand"
    | "AbortMultipartUploadCommand"
  >
  & Pick<typeof UploadLibrary, "Upload">

const names = ["@aws-sdk/client-s3", "@aws-sdk/lib-storage"] as const

export const load = (): Promise<Packages> =>
  Promise.all([import("@aws-sdk/client-s3"), import("@aws-sdk/lib-storage")]).then(([client, { Upload }]) => ({
    ...client,
    Upload
  }))

/** Milliseconds: to connect, and without a byte. */
const connectionTimeout = 10_000
const socketTimeout = 120_000
const attempts = 3

const textOf = (secret: Redacted.Redacted | undefined): string => secret === undefined ? "" : Redacted.value(secret)

const clientOf = ({ S3Client }: Packages, config: S3Config): Library.S3Client => {
  const { aws_access_key_id = "", aws_secret_access_key, aws_session_token, endpoint_url = "", region } = config
  const secret = textOf(aws_secret_access_key)
  const token = textOf(aws_session_token)
  return new S3Client({
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout, socketTimeout },
    // Without keys, of whom Amazon's default chain finds: environment, profile, web identity, container, instance.
    ...aws_access_key_id === "" || secret === "" ? {} : {
      credentials: {
        accessKeyId: aws_access_key_id,
        secretAccessKey: secret,
        ...token === "" ? {} : { sessionToken: token }
      }
    },
    // Servers that speak S3 know no host names of buckets, and few of the newer checksums.
    ...endpoint_url === "" ? {} : {
      endpoint: endpoint_url,
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED"
    }
  })
}

const isMissingPackage = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "code") && cause.code === "ERR_MODULE_NOT_FOUND"

/** `NoSuchKey` of a key that nobody has; a bucket's absence is a failure of the storage. */
const isMissingKey = (cause: unknown): boolean => Predicate.hasProperty(cause, "name") && cause.name === "NoSuchKey"

const statusOf = (cause: unknown): number | undefined =>
  Predicate.hasProperty(cause, "$metadata") && Predicate.hasProperty(cause.$metadata, "httpStatusCode") &&
    typeof cause.$metadata.httpStatusCode === "number"
    ? cause.$metadata.httpStatusCode
    : undefined

/** Amazon's names of errors alone say little: what to look at stands with them. */
const remedies = tableOf<string>({
  NoSuchBucket: "make the bucket, or set auto_create_bucket",
  AccessDenied: "give the key the rights to get, put, list and delete objects of the bucket",
  InvalidAccessKeyId: "set aws_access_key_id and aws_secret_access_key of the provider",
  SignatureDoesNotMatch: "aws_secret_access_key of the provider is not the key's",
  CredentialsProviderError: "set aws_access_key_id and aws_secret_access_key, or credentials of the environment",
  PermanentRedirect: "set region of the provider to the bucket's"
})

export const reasonOf = (cause: unknown): string => {
  if (isMissingPackage(cause)) return `it needs the packages ${names.join(" and ")}: run npm install ${names.join(" ")}`
  const name = cause instanceof Error ? cause.name : ""
  const status = statusOf(cause)
  const text = cause instanceof Error && cause.message !== "" ? cause.message : String(cause)
  const remedy = remedies[name]
  return [
    status === undefined ? "" : `${status} `,
    name === "" || name === "Error" || text.includes(name) ? "" : `${name}: `,
    text,
    remedy === undefined ? "" : ` (${remedy})`
  ].join("")
}

export interface S3Bucket {
  readonly packages: Packages
  readonly client: Library.S3Client
}

export const failed = (provider: string, operation: string) => (cause: unknown) =>
  new StorageFailed({ provider, operation, missing: isMissingKey(cause), reason: reasonOf(cause) })

/** The client is made once, and its connections end with the scope. */
export const make = Effect.fnUntraced(function*(
  config: S3Config,
  provider: string,
  packages: () => Promise<Packages>
) {
  let made: S3Bucket | undefined
  yield* Effect.addFinalizer(() => Effect.sync(() => made?.client.destroy()))
  return Effect.suspend(() =>
    made !== undefined ? Effect.succeed(made) : Effect.tryPromise({
      try: () => packages().then((loaded) => made ??= { packages: loaded, client: clientOf(loaded, config) }),
      catch: failed(provider, "be reached")
    })
  )
})
