/** What a vendor of VendorProvider can be asked for besides conversations, over the same client. */
import { Effect } from "effect"
import { completions } from "../../kernel/dialects/completions/CompletionsDialect.ts"
import * as DialectVendor from "../../kernel/dialects/DialectVendor.ts"
import type * as ValueVendor from "../../kernel/dialects/ValueVendor.ts"
import * as EmbeddingVendor from "../../kernel/embeddings/EmbeddingVendor.ts"
import type { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { MediaOperationName } from "../../kernel/media/MediaOperation.ts"
import * as MediaVendor from "../../kernel/media/MediaVendor.ts"
import * as RerankVendor from "../../kernel/rerank/RerankVendor.ts"
import type { InferenceProvider } from "./Inference.ts"

export interface Operations {
  readonly embeddings?: Pick<EmbeddingVendor.Options, "dialect" | "path">
  readonly rerank?: Pick<RerankVendor.Options, "dialect" | "path">
  readonly completions?: boolean
  /** Moderations, sound and pictures: those it has. */
  readonly media?: ReadonlyArray<MediaOperationName>
  /** Where it is asked for them, and how its body calls the model, where that is its own. */
  readonly mediaAddress?: Pick<MediaVendor.Options, "path" | "modelName">
}

export interface Vendor extends Omit<ValueVendor.Options, "errors"> {
  /** Fails where nobody has a key that it needs; absent: there is one. */
  readonly keyed?: Effect.Effect<void, ProviderRejected>
}

type Offered = Pick<InferenceProvider["Service"], "completeText" | "embed" | "rerank" | "media" | "sendMedia">

/** Members of the slot, for those it has. */
export const make = (
  { completions: hasCompletions = false, embeddings, media = [], mediaAddress, rerank }: Operations,
  { keyed = Effect.void, ...vendor }: Vendor
): Offered => {
  const embedder = embeddings === undefined ? undefined : EmbeddingVendor.make({ ...vendor, ...embeddings })
  const ranker = rerank === undefined ? undefined : RerankVendor.make({ ...vendor, ...rerank })
  const completer = hasCompletions ? DialectVendor.make({ ...vendor, dialect: completions }) : undefined
  const mediator = media.length > 0 ? MediaVendor.make({ ...vendor, ...mediaAddress }) : undefined
  return {
    ...mediator === undefined
      ? {}
      : { media, sendMedia: (call) => Effect.andThen(keyed, mediator.send(call)) },
    ...embedder === undefined ? {} : { embed: (request) => Effect.andThen(keyed, embedder.embed(request)) },
    ...ranker === undefined ? {} : { rerank: (request) => Effect.andThen(keyed, ranker.rerank(request)) },
    ...completer === undefined ? {} : { completeText: (call) => Effect.andThen(keyed, completer.send(call)) }
  }
}
