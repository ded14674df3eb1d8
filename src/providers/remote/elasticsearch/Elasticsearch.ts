/** `remote::elasticsearch`: vectors and words in Elasticsearch, through its own client. */
import { Effect, Layer, Predicate, Redacted, Schema } from "effect"
import * as StoreClient from "../../../apis/vector-io/StoreClient.ts"
import * as StoredVectorIndex from "../../../apis/vector-io/StoredVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { url } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ElasticStore from "./ElasticStore.ts"

export const Config = Schema.Struct({
  elasticsearch_url: url.annotate({
    description: "Where Elasticsearch is. Default http://localhost:9200.",
    default: "http://localhost:9200"
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("http://localhost:9200")),
    FieldPrompt.annotate({ prompt: "Address of Elasticsearch" })
  ),
  elasticsearch_api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Its key, as Elasticsearch encodes it. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Key of Elasticsearch" })),
  timeout_ms: StoreClient.timeoutMs("Elasticsearch")
})
export type Config = typeof Config.Type

const failureOf = (cause: unknown) => {
  const status = Predicate.hasProperty(cause, "statusCode") ? cause.statusCode : undefined
  const detail = StoreClient.messageOf(cause)
  if (status === 401 || status === 403) return StoreClient.refusal(status, detail, "elasticsearch_api_key")
  const name = cause instanceof Error ? cause.name : ""
  if (name === "ConnectionError" || name === "NoLivingConnectionsError") {
    return { reason: "unreachable" as const, detail }
  }
  if (name === "TimeoutError") return { reason: "timeout" as const, detail }
  return status === 400 || status === 413 || Predicate.isTagged(cause, "DocumentRefused")
    ? { reason: "rejected" as const, detail }
    : undefined
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const client = yield* StoreClient.make({
    provider,
    address: new URL(config.elasticsearch_url).origin,
    package: "@elastic/elasticsearch",
    timeoutMs: config.timeout_ms,
    load: () => import("@elastic/elasticsearch"),
    connect: ({ Client }) =>
      new Client({
        node: config.elasticsearch_url,
        requestTimeout: config.timeout_ms,
        maxRetries: 0,
        enableMetaHeader: false,
        ...config.elasticsearch_api_key === undefined
          ? {}
          : { auth: { apiKey: Redacted.value(config.elasticsearch_api_key) } }
      }),
    close: (client) => client.close(),
    failureOf
  })
  return StoredVectorIndex.make(ElasticStore.make(client), provider)
})

export const Elasticsearch = Provider.make({
  api: VectorIoApi,
  type: "remote::elasticsearch",
  displayName: "Elasticsearch",
  description: "Keeps vectors and words in Elasticsearch 8.12 or later, and searches them with its kNN and its BM25.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "a node of Elasticsearch 8.19.5, whose recorded answers the tests have" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
