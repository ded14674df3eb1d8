/** What the server and the thread of the database say to each other. */
import type { AttributeFilter, Attributes } from "../AttributeFilter.ts"
import type { Collection, EmbeddedChunk, ScoredChunk } from "../VectorChunk.ts"

interface Selection {
  readonly limit: number
  readonly filter: AttributeFilter | undefined
  readonly withVectors: boolean
}

/** A question by the name of its method, and what it takes. */
export type Question =
  | { readonly method: "create"; readonly collection: Collection }
  | { readonly method: "drop"; readonly name: string }
  | { readonly method: "upsert"; readonly name: string; readonly chunks: ReadonlyArray<EmbeddedChunk> }
  | { readonly method: "removeSource"; readonly name: string; readonly source: string }
  | {
    readonly method: "setAttributes"
    readonly name: string
    readonly source: string
    readonly attributes: Attributes
  }
  | {
    readonly method: "list"
    readonly name: string
    readonly source: string
    readonly from: number
    readonly limit: number
    readonly withVectors: boolean
  }
  | { readonly method: "count"; readonly name: string; readonly source: string | undefined }
  | { readonly method: "searchByVector"; readonly name: string; readonly vector: Float32Array } & Selection
  | { readonly method: "searchByWords"; readonly name: string; readonly words: ReadonlyArray<string> } & Selection
  | { readonly method: "check" }

export interface ToThread {
  readonly id: number
  readonly question: Question
}

export interface Answer {
  readonly chunks: ReadonlyArray<ScoredChunk>
  readonly count: number
}

export type FromThread =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly refused: boolean; readonly message: string }
