import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FilesEvents from "../../../src/apis/files/FilesEvents.ts"
import { UploadKind, UploadParts } from "../../../src/apis/files/FilesKinds.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as DocumentParts from "../../../src/kernel/documents/DocumentParts.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const id = "upload_1"

const begun = {
  upload: {
    id,
    object: "upload" as const,
    bytes: 8,
    created_at: 0,
    expires_at: 3600,
    filename: "a.txt",
    purpose: "assistants" as const,
    status: "pending" as const,
    file: null
  },
  provider_id: "files",
  mime_type: "text/plain",
  expires_after_seconds: null,
  owner: null
}

describe("an upload", () => {
  it.effect("is written again with each part, and is no longer for it", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const tables = yield* ProjectionTables
      const stream = UploadKind.streamOf(id)
      yield* hub.append(stream, "none", [yield* Draft.make(FilesEvents.UploadBegun, begun)])
      const lengthWith = Effect.fnUntraced(function*(from: number, to: number) {
        const parts = Array.from({ length: to - from }, (_, at) => ({
          part_id: `part_${String(from + at).padStart(48, "0")}`,
          bytes: 4,
          created_at: 0
        }))
        yield* hub.append(
          stream,
          "any",
          yield* Effect.forEach(parts, (part) => Draft.make(FilesEvents.PartAdded, part))
        )
        return JSON.stringify((yield* tables.get(UploadKind.projection, "", id))!.document).length
      })
      const few = yield* lengthWith(0, 1)
      const many = yield* lengthWith(1, 1000)
      assert.isBelow(many - few, 20)
      const parts = yield* DocumentParts.of(UploadParts, yield* Documents.of(UploadKind))
      const all = yield* parts.all(id)
      assert.strictEqual(all.length, 1000)
      assert.deepStrictEqual(all.map(({ part_id }) => part_id), all.map(({ part_id }) => part_id).toSorted())
    }).pipe(Effect.provide(MemoryHub.layer)))
})
