/** A file that is deleted is in no store: also where that happened while no server ran. */
import { Effect, Schedule, Schema } from "effect"
import * as Consumer from "../../events/log/Consumer.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { CurrentTenant, serverTenant } from "../../events/types/Tenant.ts"
import * as FilesEvents from "../files/FilesEvents.ts"
import type { FileAttachments } from "./FileAttachments.ts"
import type { VectorStoreFiles } from "./VectorStoreFiles.ts"
import type { VectorStoreRecords } from "./VectorStoreRecords.ts"

/** Its place in the log is kept under this name: what was done is not read again. */
const group = "vector_stores:deleted_files"

const again = Schedule.spaced("1 minute")

interface Options {
  readonly attachments: Pick<FileAttachments, "forEach">
  readonly files: Pick<VectorStoreFiles, "detach">
  readonly records: Pick<VectorStoreRecords, "find">
}

const decodeDeleted = Schema.decodeUnknownSync(FilesEvents.Deleted.payload)

const fileOf = (event: RecordedEvent): string => decodeDeleted(payloadOf(event)).file_id

export const follow = ({ attachments, files, records }: Options) => {
  const takeOut = (event: RecordedEvent) =>
    attachments.forEach(
      { file: fileOf(event) },
      (attached) =>
        Effect.flatMap(records.find(attached.vector_store_id), (store) =>
          files.detach(store, attached, "file_deleted").pipe(
            // Nobody has the chunks who could be asked, now or later.
            Effect.catchTag("NoVectorIndex", ({ message }) =>
              Effect.logWarning(`The chunks of ${attached.file_id} stay where they are: ${message}`))
          ))
    ).pipe(Effect.provideService(CurrentTenant, event.tenant))
  return Consumer.run({
    group,
    // Of all tenants.
    filter: { tenant: undefined, types: [FilesEvents.Deleted.type] },
    handle: (events) => Effect.forEach(events, takeOut, { discard: true })
  }).pipe(
    Effect.provideService(CurrentTenant, serverTenant),
    Effect.tapCause((cause) =>
      Effect.logWarning("Files that are deleted are not taken out of vector stores yet", cause)
    ),
    Effect.retry(again)
  )
}
