/** `inline::usearch`: the file of `inline::sqlite-vec`, and an index in memory that finds neighbours in a hundredth of the time. */
import { Layer, Schema } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import * as SqliteVectorIndex from "../../../apis/vector-io/SqliteVectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

/** Sources run as they are, the package as built. */
const program = new URL(`./UsearchWorker${extname(import.meta.url)}`, import.meta.url)

const start = (file: string): Worker => new Worker(program, { workerData: file })

export const Config = Schema.Struct({ db_path: SqliteVectorIndex.dbPath })
export type Config = typeof Config.Type

export const Usearch = Provider.make({
  api: VectorIoApi,
  type: "inline::usearch",
  displayName: "Vectors in a file and in memory (usearch)",
  description:
    "Keeps vectors and words as inline::sqlite-vec does, and searches approximately by an index in memory (HNSW) that " +
    "is made of the file. Filters that leave few are exact. Needs the package usearch.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "usearch in this process, in the tests" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, SqliteVectorIndex.make(config, provider_id, start))
})
