/** `remote::milvus`: vectors and words in Milvus, through its own client. */
import { Effect, Layer, Predicate, Redacted, Schema } from "effect"
import * as StoreClient from "../../../apis/vector-io/StoreClient.ts"
import * as StoredVectorIndex from "../../../apis/vector-io/StoredVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { text } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as MilvusStore from "./MilvusStore.ts"

export const Config = Schema.Struct({
  uri: text.annotate({
    description: "Where Milvus is. Default http://localhost:19530.",
    default: "http://localhost:19530"
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("http://localhost:19530")),
    FieldPrompt.annotate({ prompt: "Address of Milvus" })
  ),
  token: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Its token: a key, or user:password. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Token of Milvus" })),
  database: text.annotate({ description: "Its database. Default default.", default: "default" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("default")),
    FieldPrompt.annotate({ prompt: "Database of Milvus" })
  ),
  timeout_ms: StoreClient.timeoutMs("Milvus")
})
export type Config = typeof Config.Type

const unauthenticated = new Set<unknown>([16, 1800])
const forbidden = new Set<unknown>([7])
const tooLarge = new Set<unknown>([8, 1100])

const failureOf = (cause: unknown) => {
  const code = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  const detail = StoreClient.messageOf(cause)
  if (unauthenticated.has(code)) return StoreClient.refusal(401, detail, "token")
  if (forbidden.has(code)) return StoreClient.refusal(403, detail, "token")
  return tooLarge.has(code) ? { reason: "rejected" as const, detail } : undefined
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const client = yield* StoreClient.make({
    provider,
    address: config.uri,
    package: "@zilliz/milvus2-sdk-node",
    timeoutMs: config.timeout_ms,
    load: () => import("@zilliz/milvus2-sdk-node"),
    connect: (packages): Promise<MilvusStore.Connected> => {
      const client = new packages.MilvusClient({
        address: config.uri,
        database: config.database,
        timeout: config.timeout_ms,
        logLevel: "error",
        ...config.token === undefined ? {} : { token: Redacted.value(config.token) }
      })
      return client.connectPromise.then(
        () => ({ client, packages }),
        (cause: unknown) =>
          client.closeConnection().then(() => {
            throw cause
          })
      )
    },
    close: ({ client }) => client.closeConnection().then(() => undefined),
    failureOf
  })
  return StoredVectorIndex.make(MilvusStore.make(client), provider)
})

export const Milvus = Provider.make({
  api: VectorIoApi,
  type: "remote::milvus",
  displayName: "Milvus",
  description:
    "Keeps vectors and words in Milvus 2.5 or later, and searches them with its index and its BM25; a chunk " +
    "has 65535 bytes of text at most.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "the server of Milvus Lite 3.2.2, whose recorded answers the tests have" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
