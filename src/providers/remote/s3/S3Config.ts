/** What `remote::s3` is configured with, by the names Llama Stack has for it. */
import { Effect, Schema } from "effect"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { whole } from "../../../kernel/provider/FieldSchema.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String))

export const S3Config = Schema.Struct({
  bucket_name: Schema.NonEmptyString.annotate({ description: "The bucket that keeps the files." }).pipe(
    FieldPrompt.annotate({ env: "S3_BUCKET_NAME", prompt: "Name of the bucket" })
  ),
  prefix: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))).annotate({
    description: "What the keys of all files begin with: `strata/`. Default: nothing."
  }).pipe(FieldPrompt.annotate({ prompt: "What keys begin with (empty: nothing)" })),
  region: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("us-east-1"))).annotate({
    description: "The bucket's region. Default us-east-1."
  }).pipe(FieldPrompt.annotate({ env: "AWS_REGION", prompt: "Region of the bucket" })),
  endpoint_url: Schema.optionalKey(Schema.String).annotate({
    description: "A server that speaks S3 (MinIO, Ceph, R2). Absent or empty: Amazon's."
  }).pipe(FieldPrompt.annotate({ env: "S3_ENDPOINT_URL", prompt: "Server that speaks S3 (empty: Amazon's)" })),
  aws_access_key_id: Schema.optionalKey(Schema.String).annotate({
    description:
      "Id of the key. Absent or empty: whom Amazon's default chain finds (environment, profile, web identity, " +
      "container, instance)."
  }).pipe(FieldPrompt.annotate({ env: "AWS_ACCESS_KEY_ID", prompt: "Id of the key (empty: default chain)" })),
  aws_secret_access_key: secret.annotate({ description: "The key." }).pipe(
    FieldPrompt.annotate({ env: "AWS_SECRET_ACCESS_KEY", prompt: "Secret key (empty: default chain)" })
  ),
  aws_session_token: secret.annotate({ description: "The token of a key that is lent for some hours." }).pipe(
    FieldPrompt.annotate({ env: "AWS_SESSION_TOKEN", prompt: "Session token (empty: none)" })
  ),
  auto_create_bucket: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))).annotate({
    description: "Makes the bucket where it is missing. Default false."
  }).pipe(FieldPrompt.annotate({ prompt: "Make the bucket where it is missing" })),
  max_file_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "The longest file that is taken, bytes. Default 536870912 (512 MiB).",
    default: 512 * 1024 * 1024
  }).pipe(FieldPrompt.annotate({ prompt: "The longest file that is taken, bytes" }))
})
export type S3Config = typeof S3Config.Type
