/** Vector stores: files that can be searched by what they mean, for who may. */
import { Context } from "effect"
import type { Effect, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { VectorIoFailure } from "../vector-io/VectorIo.ts"
import type {
  ChunkCount,
  CountChunks,
  InsertChunks,
  ListChunks,
  QueryChunks,
  QueryChunksAnswer,
  RemoveChunks,
  UpdateChunks
} from "../vector-io/VectorIoModels.ts"
import type { SearchResults, SearchVectorStore } from "./VectorSearchModels.ts"
import type {
  AttachFile,
  ContentPiece,
  CreateFileBatch,
  FileBatch,
  FilesQuery,
  UpdateFile,
  VectorStoreFile
} from "./VectorStoreFilesModels.ts"
import type { EmbeddingFailed, NotServed } from "./VectorStoresErrors.ts"
import type { CreateVectorStore, UpdateVectorStore, VectorStore, VectorStoresQuery } from "./VectorStoresModels.ts"

export type VectorStoreFailure =
  | DocumentNotFound
  | DocumentInvalid
  | DocumentConflict
  | AccessDenied
  | EventLogUnavailable
  | VectorIoFailure
  | EmbeddingFailed
  | NotServed

type Done<A> = Effect.Effect<A, VectorStoreFailure>

export interface ContentOptions {
  readonly embeddings: boolean
  readonly metadata: boolean
}

export class VectorStores extends Context.Service<VectorStores, {
  readonly create: (store: CreateVectorStore) => Done<VectorStore>
  readonly list: (query: VectorStoresQuery) => Done<DocumentPage<VectorStore>>
  readonly get: (id: string) => Done<VectorStore>
  readonly update: (id: string, changes: UpdateVectorStore) => Done<VectorStore>
  readonly remove: (id: string) => Done<void>
  /** In several stores at once: one ranking, threshold and cap over all of them. */
  readonly search: (ids: ReadonlyArray<string>, search: SearchVectorStore) => Done<SearchResults>
  readonly attach: (id: string, file: AttachFile) => Done<VectorStoreFile>
  readonly listFiles: (id: string, query: FilesQuery, batch?: string) => Done<DocumentPage<VectorStoreFile>>
  readonly getFile: (id: string, file: string) => Done<VectorStoreFile>
  readonly updateFile: (id: string, file: string, changes: UpdateFile) => Done<VectorStoreFile>
  readonly detach: (id: string, file: string) => Done<void>
  /** The pieces of a file in their order, however many there are. */
  readonly content: (
    id: string,
    file: string,
    options: ContentOptions
  ) => Done<Stream.Stream<ContentPiece, VectorIoFailure>>
  readonly createBatch: (id: string, batch: CreateFileBatch) => Done<FileBatch>
  readonly getBatch: (id: string, batch: string) => Done<FileBatch>
  readonly cancelBatch: (id: string, batch: string) => Done<FileBatch>
  /** Chunks that a client brings. */
  readonly insert: (chunks: InsertChunks) => Done<void>
  readonly query: (query: QueryChunks) => Done<QueryChunksAnswer>
  /** Those of one document, in their order; their score is 0. */
  readonly chunks: (query: ListChunks) => Done<QueryChunksAnswer>
  readonly countChunks: (chunks: CountChunks) => Done<ChunkCount>
  readonly updateChunks: (changes: UpdateChunks) => Done<void>
  readonly removeChunks: (chunks: RemoveChunks) => Done<void>
}>()("strata/apis/vector-stores/VectorStores") {}
