/** A Strata with vector stores that needs no key: files, their reading, embeddings and the index are of its process. */
import { Effect } from "effect"
import { clientOf } from "./FilesWorld.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"

export const embeddings = {
  provider_id: "embeddings",
  provider_type: "inline::sentence-transformers",
  config: {}
}

/** Those of other APIs. */
export const more = {
  files: [{ provider_id: "files", provider_type: "inline::localfs", config: {} }],
  file_processors: [{ provider_id: "auto", provider_type: "inline::auto", config: {} }],
  vector_io: [{ provider_id: "vectors", provider_type: "inline::sqlite-vec", config: {} }]
}

export const make = Effect.fnUntraced(function*(options: Omit<StrataOptions, "more"> = {}) {
  const strata = yield* Strata.make({ providers: [embeddings], ...options, more })
  return { strata, client: clientOf(strata) }
})

/** Texts about different things: nobody mistakes one for the other. */
export const texts = {
  cold: "Oslo is the capital of Norway. In winter the city is very cold, and there is snow.",
  fruit: "Bananas are yellow fruit. They grow in warm countries and taste sweet.",
  money: "The bank lends money to companies and takes interest on its loans."
}

/** A text that is cut into several chunks. */
export const longText = (sentences: number): string =>
  Array.from({ length: sentences }, (_, at) => `Sentence number ${at} says that item ${at} costs ${at * 7} crowns.`)
    .join(" ")
