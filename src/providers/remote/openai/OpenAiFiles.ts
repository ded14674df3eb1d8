/** `remote::openai` for files: their content lives at OpenAI, which makes ids of its own. */
import { Effect, Layer, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { FilesApi } from "../../../apis/files/FilesApi.ts"
import { FilePurpose } from "../../../apis/files/FilesModels.ts"
import { FileStorage } from "../../../apis/files/FileStorage.ts"
import * as VendorFiles from "../../../apis/files/VendorFiles.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../../kernel/client/VendorClient.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

const vendorUrl = "https://api.openai.com/v1"

export const Config = Schema.Struct({
  base_url: BaseUrl.field.pipe(Schema.withDecodingDefaultKey(Effect.succeed(vendorUrl))).annotate({
    description: `Where the API begins, its version included. Default ${vendorUrl}.`
  }).pipe(FieldPrompt.annotate({ prompt: "Base URL of the API, its version included" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent with each request. Absent or empty: none is sent."
  }).pipe(FieldPrompt.annotate({ env: "OPENAI_API_KEY", prompt: "API key (empty: none is sent)" })),
  purpose: FilePurpose.pipe(Schema.withDecodingDefaultKey(Effect.succeed("user_data" as const))).annotate({
    description: "The purpose at OpenAI of files whose form names it behind the file. Default user_data."
  }).pipe(FieldPrompt.annotate({ prompt: "Purpose of files whose form names it behind the file" })),
  max_file_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "The longest file that is taken, bytes. Default 536870912 (512 MiB), as OpenAI takes it.",
    default: 512 * 1024 * 1024
  }).pipe(FieldPrompt.annotate({ prompt: "The longest file that is taken, bytes" })),
  ...TimeLimits.fields("the vendor")
})
export type Config = typeof Config.Type

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const { api_key, base_url, max_file_bytes: maxFileBytes, purpose } = config
  const client = (yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))).pipe(
    HttpClient.mapRequest(yield* BaseUrl.prepend(BaseUrl.partsOf(base_url))),
    api_key === undefined ? (same) => same : HttpClient.mapRequest(HttpClientRequest.bearerToken(api_key))
  )
  return VendorFiles.make({ provider, client, path: "/files", maxFileBytes, purpose, ranges: false })
})

export const OpenAiFiles = Provider.make({
  api: FilesApi,
  type: "remote::openai",
  displayName: "Files at OpenAI",
  description: "Keeps the content of files at OpenAI, for its models to read; what may be read back, OpenAI says.",
  config: Config,
  requires: [],
  capabilities: ["files"],
  status: {
    status: "fixture",
    against: "answers written by hand from OpenAI's public document",
    open: [
      "OpenAI gives back no files of the purposes assistants and user_data: uploads in parts need another provider"
    ]
  },
  layer: (config, { provider_id }) => Layer.effect(FileStorage, make(config, provider_id))
})
