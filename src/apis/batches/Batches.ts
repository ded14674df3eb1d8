/** Batches of requests: of a file, as OpenAI's clients make them, or of messages, as Anthropic's do. */
import { Context } from "effect"
import type { Effect, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { NoFileStorage } from "../files/FilesErrors.ts"
import type { EndpointForbidden } from "./BatchErrors.ts"
import type { BatchesQuery, CreateBatch } from "./BatchesModels.ts"
import type { InputFailure } from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import type { CreateMessageBatch, MessageBatchesQuery } from "./MessageBatchesModels.ts"

export type ReadFailure = DocumentNotFound | EventLogUnavailable
export type ChangeFailure = ReadFailure | AccessDenied | DocumentConflict
export type CreateFailure = ChangeFailure | DocumentInvalid | EndpointForbidden | NoFileStorage

export class Batches extends Context.Service<Batches, {
  /** `key`: who sends the same again with it gets the batch that was made. */
  readonly create: (batch: CreateBatch, key: string | undefined) => Effect.Effect<KeptBatch, CreateFailure>
  readonly list: (query: BatchesQuery) => Effect.Effect<DocumentPage<KeptBatch>, ReadFailure>
  readonly get: (id: string) => Effect.Effect<KeptBatch, ReadFailure>
  /** What has an answer keeps it; the others get none. */
  readonly cancel: (id: string) => Effect.Effect<KeptBatch, ChangeFailure>
  readonly createMessages: (batch: CreateMessageBatch) => Effect.Effect<KeptBatch, CreateFailure>
  readonly listMessages: (query: MessageBatchesQuery) => Effect.Effect<DocumentPage<KeptBatch>, ReadFailure>
  readonly getMessages: (id: string) => Effect.Effect<KeptBatch, ReadFailure>
  readonly cancelMessages: (id: string) => Effect.Effect<KeptBatch, ChangeFailure>
  readonly removeMessages: (id: string) => Effect.Effect<void, ChangeFailure>
  /** Lines of JSON. */
  readonly results: (id: string) => Effect.Effect<Stream.Stream<string, InputFailure>, ReadFailure | DocumentConflict>
}>()("strata/apis/batches/Batches") {}
