/** Files of batches on a disk that refuses one of them: written once, and what could not be written has its reason. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { mkdirSync, rmdirSync } from "node:fs"
import { join } from "node:path"
import * as BatchFiles from "../../../src/apis/batches/BatchFiles.ts"
import type { KeptBatch } from "../../../src/apis/batches/BatchKind.ts"
import { BatchKind } from "../../../src/apis/batches/BatchKind.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { defaultTenant } from "../../../src/events/types/Tenant.ts"
import * as World from "../../support/BatchWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const key = "one of this test"
/** As a batch with this key is named. */
const batchId = BatchKind.prefix +
  createHash("sha256").update(JSON.stringify([defaultTenant, null, key])).digest("hex").slice(0, 48)

type Kind = Parameters<typeof BatchFiles.idOf>[2]
type End = Parameters<typeof BatchFiles.idOf>[3]
interface Counts {
  readonly completed: number
  readonly failed: number
}

const given = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const world = yield* World.given({
    more: { files: [{ provider_id: "files", provider_type: "inline::localfs", config: { storage_dir: folder } }] },
    model: ({ bodyText, method }) =>
      method !== "POST"
        ? undefined
        : bodyText.includes("silent")
        ? ScriptedAnswer.silent
        : bodyText.includes("bad")
        ? ScriptedAnswer.error(400, "Not so.", "bad_question", "invalid_request_error")
        : ScriptedAnswer.json(200, { id: "1", choices: [] })
  })
  const fileOf = (kind: Kind, end: End, counts: Counts) => {
    const id = BatchFiles.idOf(defaultTenant, { id: batchId, ...counts } as KeptBatch, kind, end)
    return join(folder, id.slice(-2), id)
  }
  return {
    ...world,
    /** Where the file is to be, there is a folder. */
    refuse: (...of: Parameters<typeof fileOf>) => {
      mkdirSync(fileOf(...of), { recursive: true })
    },
    allow: (...of: Parameters<typeof fileOf>) => {
      rmdirSync(fileOf(...of))
    },
    begin: (...ids: ReadonlyArray<string>) =>
      Effect.map(world.create(ids.map((id) => World.line(id)), { idempotency_key: key }), ({ json, text }) => {
        assert.strictEqual(field(json, "id"), batchId, text)
      }),
    outputs: Effect.map(
      world.get("/v1/files?purpose=batch_output"),
      ({ json }) => listOf(field(json, "data")).map((file) => field(file, "id"))
    )
  }
})

const codesOf = (batch: unknown) =>
  listOf(field(field(batch, "errors"), "data")).map((error) => [field(error, "code"), field(error, "param")])

describe("the files of a batch", () => {
  it.live(
    "given a file that can't be written at first, when it is tried again, then the other one is not written twice",
    () =>
      Effect.gen(function*() {
        const { allow, awaitStatus, begin, content, outputs, refuse, strata } = yield* given
        const counts = { completed: 1, failed: 1 }
        refuse("errors", "completed", counts)
        yield* begin("good", "bad")
        while ((yield* strata.events({ types: ["work:retried"] })).length === 0) yield* Effect.sleep("20 millis")
        assert.lengthOf(yield* outputs, 1)
        allow("errors", "completed", counts)
        const { json: batch } = yield* awaitStatus(batchId, "completed")
        const named = [field(batch, "error_file_id"), field(batch, "output_file_id")]
        assert.deepStrictEqual(yield* outputs, named)
        for (const [index, id] of ["bad", "good"].entries()) {
          assert.deepStrictEqual((yield* content(named[index])).map((line) => field(line, "custom_id")), [id])
        }
        assert.isNull(field(batch, "errors"))
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given a file that can't be written, when the batch is cancelled, then the other one is there, and the batch says why",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, awaitThat, begin, content, outputs, post, refuse } = yield* given
        refuse("output", "cancelled", { completed: 1, failed: 0 })
        yield* begin("good", "silent")
        const path = `/v1/batches/${batchId}`
        yield* awaitThat(path, (batch) => field(field(batch, "request_counts"), "completed") === 1)
        yield* post(`${path}/cancel`, {})
        const { json: batch } = yield* awaitStatus(batchId, "cancelled")
        assert.deepStrictEqual(codesOf(batch), [["file_not_written", "output_file_id"]])
        assert.isNull(field(batch, "output_file_id"))
        const errors = field(batch, "error_file_id")
        assert.deepStrictEqual(yield* outputs, [errors])
        assert.deepStrictEqual((yield* content(errors)).map((line) => field(line, "custom_id")), ["silent"])
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given a wrong input whose file of errors can't be written, when it is read, then the batch has its errors",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, begin, outputs, refuse } = yield* given
        refuse("errors", "failed", { completed: 0, failed: 0 })
        yield* begin("same", "same")
        const { json: batch } = yield* awaitStatus(batchId, "failed")
        assert.deepStrictEqual(codesOf(batch), [
          ["duplicate_custom_id", "custom_id"],
          ["file_not_written", "error_file_id"]
        ])
        assert.deepStrictEqual(yield* outputs, [])
      }).pipe(Effect.scoped),
    30_000
  )
})
