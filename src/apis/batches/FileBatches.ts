/** Batches whose lines stand in a file. */
import { Effect, Struct } from "effect"
import type { Schema } from "effect"
import { createHash } from "node:crypto"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { Files } from "../files/Files.ts"
import { NoFileStorage } from "../files/FilesErrors.ts"
import type { CreateBatch } from "./BatchesModels.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { BatchKind, beginning } from "./BatchKind.ts"
import type { Asked, BatchStore } from "./BatchStore.ts"
import { invalid } from "./BatchStore.ts"
import * as CompletionWindow from "./CompletionWindow.ts"

/** The same for the same key of the same client, so that two who are as fast as each other make one batch. */
const idOf = (tenant: string, owner: string | undefined, key: string): string =>
  BatchKind.prefix +
  createHash("sha256").update(JSON.stringify([tenant, owner ?? null, key])).digest("hex").slice(0, 48)

const paramsOf = (batch: Asked | KeptBatch): Schema.Json => [
  batch.endpoint,
  batch.input_file_id,
  batch.completion_window,
  batch.output_expires_after,
  Object.entries(batch.metadata ?? {}).sort(),
  batch.provider_id ?? null
]

const keyTaken = new DocumentConflict({
  type: "batch",
  code: "idempotency_key_reused",
  message: "The idempotency key was used for a batch with other parameters: send the same ones, or another key."
})

/** What a vendor says of it. */
const later = ["submitting_at", "vendor"] as const

/** As it was when it was made: who sends the same again gets the same answer. */
const asMade = (batch: KeptBatch): KeptBatch => beginning({ ...Struct.omit(batch, later), owner: null, total: 0 })

export const make = ({ authorize, get, submit }: BatchStore, files: Files["Service"] | undefined) => {
  const checkFile = Effect.fnUntraced(function*(id: string) {
    if (files === undefined) return yield* new NoFileStorage()
    const { file } = yield* Effect.catchTag(
      files.get(id),
      "DocumentNotFound",
      ({ message }) => Effect.fail(invalid("input_file_id", message))
    )
    if (file.purpose !== "batch") {
      return yield* invalid(
        "input_file_id",
        `The file ${id} is of purpose ${file.purpose}: upload it with purpose "batch".`
      )
    }
  })

  return Effect.fnUntraced(function*(payload: CreateBatch, header: string | undefined) {
    const { completion_window, endpoint, input_file_id, metadata = null, output_expires_after, provider_id } = payload
    const key = payload.idempotency_key ?? header
    yield* authorize(endpoint, "endpoint", provider_id)
    yield* checkFile(input_file_id)
    const created_at = yield* DocumentTime.seconds
    const asked: Asked = {
      id: key === undefined
        ? yield* DocumentId.make(BatchKind.prefix)
        : idOf(yield* CurrentTenant, (yield* CurrentPrincipal)?.id, key),
      surface: "batches",
      endpoint,
      input_file_id,
      completion_window,
      created_at,
      expires_at: created_at + CompletionWindow.seconds(completion_window),
      metadata,
      output_expires_after: output_expires_after?.seconds ?? null,
      total: 0,
      ...provider_id == null ? {} : { provider_id }
    }
    return yield* Effect.catchTag(submit(asked), "VersionConflict", () =>
      Effect.gen(function*() {
        const made = yield* get("batches", asked.id)
        return JSON.stringify(paramsOf(made)) === JSON.stringify(paramsOf(asked)) ? asMade(made) : yield* keyTaken
      }))
  })
}
