/** Vector indexes that other servers keep, as these answered the contract of all of them once. */
import { Effect } from "effect"
import type { Schema, Scope } from "effect"
import { fileURLToPath } from "node:url"
import * as RecordedGrpc from "./RecordedGrpc.ts"
import * as RecordedHttp from "./RecordedHttp.ts"

export interface RecordedIndex {
  readonly type: string
  /** The configuration of its provider. */
  readonly config: Effect.Effect<Schema.JsonObject, never, Scope.Scope>
  /** Of the contract's first collection, with the vectors of four chunks, and of its last one, with words. */
  readonly prefix: string
}

const fileOf = (name: string) => fileURLToPath(new URL(`../providers/remote/${name}.json.gz`, import.meta.url))

const http = (name: string, kept: ReadonlyArray<string> = []) =>
  Effect.map(RecordedHttp.make({ file: fileOf(name), kept }), ({ port }) => `127.0.0.1:${port}`)

const grpc = (name: string) => Effect.map(RecordedGrpc.make({ file: fileOf(name) }), ({ port }) => `127.0.0.1:${port}`)

export const first = "_1"
export const last = "_9"

export const recordedIndexes: ReadonlyArray<RecordedIndex> = [
  {
    type: "remote::qdrant",
    config: Effect.map(http("qdrant/answers"), (host) => ({ url: `http://${host}` })),
    prefix: "vs_contract_qdrant"
  },
  {
    type: "remote::chromadb",
    config: Effect.map(http("chromadb/answers"), (host) => ({ url: `http://${host}` })),
    prefix: "vs_contract_chroma"
  },
  {
    type: "remote::weaviate",
    config: Effect.all({ weaviate_cluster_url: http("weaviate/rest"), weaviate_grpc_url: grpc("weaviate/grpc") }),
    prefix: "vs_contract_Weaviate"
  },
  {
    type: "remote::milvus",
    config: Effect.map(grpc("milvus/answers"), (host) => ({ uri: `http://${host}` })),
    prefix: "vs_contract_milvus"
  },
  {
    type: "remote::elasticsearch",
    config: Effect.map(
      http("elasticsearch/answers", ["x-elastic-product"]),
      (host) => ({ elasticsearch_url: `http://${host}` })
    ),
    prefix: "vs_contract_Elastic"
  }
]
