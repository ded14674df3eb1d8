/** `remote::weaviate`: vectors and words in Weaviate, through its own client. */
import { Effect, Layer, Predicate, Redacted, Schema } from "effect"
import * as StoreClient from "../../../apis/vector-io/StoreClient.ts"
import * as StoredVectorIndex from "../../../apis/vector-io/StoredVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { text } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as WeaviateStore from "./WeaviateStore.ts"

const expected = "an address: localhost:8080 or https://name.weaviate.cloud"

const written = (value: string): string => value.includes("://") ? value : `http://${value}`

const address = text.annotate({ expected }).check(
  Schema.makeFilter((value: string) => URL.canParse(written(value)), { expected })
)

export const Config = Schema.Struct({
  weaviate_cluster_url: address.annotate({
    description: "Where Weaviate is; without a scheme, over http. Default localhost:8080.",
    default: "localhost:8080"
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("localhost:8080")),
    FieldPrompt.annotate({ prompt: "Address of Weaviate" })
  ),
  weaviate_grpc_url: Schema.optionalKey(address.annotate({
    description:
      "Where its gRPC is. Default: port 50051 of the same host; of a host in Weaviate's cloud grpc-<host>:443."
  })).pipe(FieldPrompt.annotate({ prompt: "Address of Weaviate's gRPC (empty: of the same host)" })),
  weaviate_api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Its key. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Key of Weaviate" })),
  timeout_ms: StoreClient.timeoutMs("Weaviate")
})
export type Config = typeof Config.Type

const portOf = ({ port, protocol }: URL, plain: number): number =>
  port === "" ? protocol === "https:" ? 443 : plain : Number(port)

const inCloud = /\.weaviate\.(cloud|network)$/

export const grpcOf = ({ weaviate_cluster_url, weaviate_grpc_url }: Config): URL => {
  if (weaviate_grpc_url !== undefined) return new URL(written(weaviate_grpc_url))
  const { hostname, protocol } = new URL(written(weaviate_cluster_url))
  return inCloud.test(hostname)
    ? new URL(`https://grpc-${hostname}`)
    : new URL(`${protocol}//${hostname}:50051`)
}

const failureOf = (cause: unknown) => {
  const detail = StoreClient.messageOf(cause)
  const status = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  if (status === 401 || detail.includes("UNAUTHENTICATED")) return StoreClient.refusal(401, detail, "weaviate_api_key")
  if (status === 403 || detail.includes("PERMISSION_DENIED")) {
    return StoreClient.refusal(403, detail, "weaviate_api_key")
  }
  return status === 413 || status === 422 || detail.includes("RESOURCE_EXHAUSTED")
    ? { reason: "rejected" as const, detail }
    : undefined
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const http = new URL(written(config.weaviate_cluster_url))
  const grpc = grpcOf(config)
  const client = yield* StoreClient.make({
    provider,
    address: http.origin,
    package: "weaviate-client",
    timeoutMs: config.timeout_ms,
    load: (): Promise<WeaviateStore.Packages> => import("weaviate-client"),
    connect: (packages): Promise<WeaviateStore.Connected> =>
      packages.default.connectToCustom({
        httpHost: http.hostname,
        httpPort: portOf(http, 80),
        httpSecure: http.protocol === "https:",
        grpcHost: grpc.hostname,
        grpcPort: portOf(grpc, 50_051),
        grpcSecure: grpc.protocol === "https:",
        skipInitChecks: true,
        ...config.weaviate_api_key === undefined ? {} : {
          authCredentials: new packages.default.ApiKey(Redacted.value(config.weaviate_api_key))
        }
      }).then((client) =>
        // Until it knows the version, its client asks for it in promises that nobody holds: one that fails ends the process.
        client.getWeaviateVersion().then(
          () => ({ client, packages }),
          (cause: unknown) =>
            client.close().then(() => {
              throw cause
            })
        )
      ),
    close: ({ client }) => client.close(),
    failureOf
  })
  return StoredVectorIndex.make(WeaviateStore.make(client), provider)
})

export const Weaviate = Provider.make({
  api: VectorIoApi,
  type: "remote::weaviate",
  displayName: "Weaviate",
  description: "Keeps vectors and words in Weaviate 1.33 or later, and searches them with its HNSW and its BM25.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "Weaviate 1.35.2, whose recorded answers the tests have" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
