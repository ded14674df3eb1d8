/** `remote::qdrant`: vectors and words in Qdrant, through its own client. */
import { Effect, Layer, Predicate, Redacted, Schema } from "effect"
import * as StoreClient from "../../../apis/vector-io/StoreClient.ts"
import * as StoredVectorIndex from "../../../apis/vector-io/StoredVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { url } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as QdrantStore from "./QdrantStore.ts"

export const Config = Schema.Struct({
  url: url.annotate({
    description: "Where Qdrant is. Default http://localhost:6333.",
    default: "http://localhost:6333"
  })
    .pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("http://localhost:6333")),
      FieldPrompt.annotate({ prompt: "Address of Qdrant" })
    ),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Its key. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Key of Qdrant" })),
  timeout_ms: StoreClient.timeoutMs("Qdrant")
})
export type Config = typeof Config.Type

/** What it says of a refused question stands in the answer's body. */
const detailOf = (cause: unknown): string => {
  const data: unknown = Predicate.hasProperty(cause, "data") ? cause.data : undefined
  const status: unknown = Predicate.hasProperty(data, "status") ? data.status : undefined
  return Predicate.hasProperty(status, "error") ? String(status.error) : StoreClient.messageOf(cause)
}

const failureOf = (cause: unknown) => {
  const status = Predicate.hasProperty(cause, "status") ? cause.status : undefined
  if (status === 401 || status === 403) return StoreClient.refusal(status, detailOf(cause), "api_key")
  if (cause instanceof Error && cause.name.includes("Timeout")) {
    return { reason: "timeout" as const, detail: detailOf(cause) }
  }
  return status === 400 || status === 413 || status === 422
    ? { reason: "rejected" as const, detail: detailOf(cause) }
    : status === undefined
    ? undefined
    : { reason: "failed" as const, detail: detailOf(cause) }
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const address = new URL(config.url)
  const client = yield* StoreClient.make({
    provider,
    address: address.origin,
    package: "@qdrant/js-client-rest",
    timeoutMs: config.timeout_ms,
    load: () => import("@qdrant/js-client-rest"),
    connect: ({ QdrantClient }) =>
      new QdrantClient({
        url: config.url,
        timeout: config.timeout_ms,
        // It would ask for the version at once, and write to the console where nobody answers.
        checkCompatibility: false,
        ...address.port === "" ? { port: address.protocol === "https:" ? 443 : 80 } : {},
        ...config.api_key === undefined ? {} : { apiKey: Redacted.value(config.api_key) }
      }),
    failureOf
  })
  return StoredVectorIndex.make(QdrantStore.make(client), provider)
})

export const Qdrant = Provider.make({
  api: VectorIoApi,
  type: "remote::qdrant",
  displayName: "Qdrant",
  description: "Keeps vectors and words in Qdrant 1.10 or later, vectors at length 1; filters order numbers alone.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: {
    status: "fixture",
    against: "the local mode of Qdrant's own client for Python (1.20.0), whose recorded answers the tests have",
    open: ["no server of Qdrant has answered it yet"]
  },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
