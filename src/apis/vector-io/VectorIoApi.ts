/** Vector indexes as an API that providers implement: pairs the router with the slot of its instances. */
import { Effect, Schema } from "effect"
import type { Context } from "effect"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import { VectorIndex } from "./VectorIndex.ts"
import { VectorIo } from "./VectorIo.ts"

const failure = (provider: string, detail: string) => new VectorIndexFailed({ provider, reason: "failed", detail })

const isChunks = Schema.is(Schema.Array(ScoredChunk))

const done = effectful({ failure })
const chunks = effectful({
  failure,
  expects: (answer) => isChunks(answer) ? undefined : "a list of chunks, each with its score"
})

export const VectorIoApi: ProviderApi<
  "vector_io",
  VectorIo,
  VectorIndex,
  Context.Service.Shape<typeof VectorIndex>
> = {
  name: "vector_io",
  service: VectorIo,
  slot: VectorIndex,
  contract: {
    create: done,
    drop: done,
    upsert: done,
    removeSource: done,
    setAttributes: done,
    list: chunks,
    count: effectful({ failure, expects: (answer) => Number.isInteger(answer) ? undefined : "a whole number" }),
    searchByVector: chunks,
    searchByWords: optional(chunks),
    health: optional("effect")
  },
  health: ({ health }) => health ?? Effect.void
}
