/** `remote::chromadb`: vectors in Chroma, through its own client. */
import { Effect, Layer, Redacted, Schema } from "effect"
import * as StoreClient from "../../../apis/vector-io/StoreClient.ts"
import * as StoredVectorIndex from "../../../apis/vector-io/StoredVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { text, url } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ChromaStore from "./ChromaStore.ts"

const named = (description: string, fallback: string, prompt: string) =>
  text.annotate({ description, default: fallback }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(fallback)),
    FieldPrompt.annotate({ prompt })
  )

export const Config = Schema.Struct({
  url: url.annotate({ description: "Where Chroma is.", default: "http://localhost:8000" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("http://localhost:8000")),
    FieldPrompt.annotate({ prompt: "Address of Chroma" })
  ),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent as the header x-chroma-token. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Key" })),
  tenant: named("Chroma's tenant. Default default_tenant.", "default_tenant", "Chroma's tenant"),
  database: named("Chroma's database. Default default_database.", "default_database", "Chroma's database"),
  timeout_ms: StoreClient.timeoutMs("Chroma")
})
export type Config = typeof Config.Type

const portOf = ({ port, protocol }: URL): number => port === "" ? protocol === "https:" ? 443 : 80 : Number(port)

/** Its errors have no status but in their names. */
const failureOf = (cause: unknown) => {
  const name = cause instanceof Error ? cause.name : ""
  const detail = StoreClient.messageOf(cause)
  if (name === "ChromaUnauthorizedError") return StoreClient.refusal(401, detail, "api_key")
  if (name === "ChromaForbiddenError") return StoreClient.refusal(403, detail, "api_key")
  return name === "ChromaQuotaExceededError" || name === "ChromaValueError" || name === "ChromaClientError"
    ? { reason: "rejected" as const, detail }
    : name === "ChromaConnectionError"
    ? { reason: "unreachable" as const, detail }
    : undefined
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const address = new URL(config.url)
  const client = yield* StoreClient.make({
    provider,
    address: address.origin,
    package: "chromadb",
    timeoutMs: config.timeout_ms,
    load: () => import("chromadb"),
    connect: ({ ChromaClient }) =>
      new ChromaClient({
        host: address.hostname,
        port: portOf(address),
        ssl: address.protocol === "https:",
        tenant: config.tenant,
        database: config.database,
        ...config.api_key === undefined ? {} : { headers: { "x-chroma-token": Redacted.value(config.api_key) } }
      }),
    failureOf
  })
  return StoredVectorIndex.make(ChromaStore.make(client), provider)
})

export const ChromaDb = Provider.make({
  api: VectorIoApi,
  type: "remote::chromadb",
  displayName: "Chroma",
  description:
    "Keeps vectors and texts in Chroma 1.5 or later. Words are ranked here, among at most 1000 chunks that " +
    "have one of them; filters order numbers alone.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "Chroma 1.5.9, whose recorded answers the tests have" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
