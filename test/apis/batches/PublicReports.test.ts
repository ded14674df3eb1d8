/** Public reports of what goes wrong with batches elsewhere: each is a case, and passes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { chatModel } from "../../support/TurnWorld.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const refusing = ScriptedAnswer.error(400, "Not so.", "bad_request", "invalid_request_error")

describe("batches-bad-input", () => {
  it.live("a file of purpose assistants: 400 with param input_file_id", () =>
    Effect.gen(function*() {
      const { ofFile, upload } = yield* World.given()
      const answer = yield* ofFile(yield* upload(World.linesOf([World.line("a")]), "assistants"))
      assert.deepStrictEqual([answer.status, field(field(answer.json, "error"), "param")], [400, "input_file_id"])
    }).pipe(Effect.scoped), 15_000)

  it.live(
    "line 2 without method, line 3 no JSON, a custom_id twice: failed, with code and line for each",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, create } = yield* World.given()
        const { method: _, ...withoutMethod } = World.line("b")
        const created = yield* create([World.line("a"), withoutMethod, "no JSON", World.line("a")])
        const { json } = yield* awaitStatus(idOf(created), "failed")
        const errors = listOf(field(field(json, "errors"), "data"))
        assert.deepStrictEqual(errors.map((error) => [field(error, "line"), field(error, "code")]), [
          [2, "missing_required_parameter"],
          [3, "invalid_json_line"],
          [4, "duplicate_custom_id"]
        ])
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "all requests answered 400 by the vendor: completed, without an output, all of them failed",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create } = yield* World.given({
          model: ({ method }) => method === "POST" ? refusing : undefined
        })
        const { json } = yield* awaitStatus(idOf(yield* create([World.line("a"), World.line("b")])), "completed")
        assert.deepInclude(json as object, {
          output_file_id: null,
          request_counts: { total: 2, completed: 0, failed: 2 }
        })
        assert.lengthOf(yield* content(field(json, "error_file_id")), 2)
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "the same POST twice with one idempotency-key, also at once: one batch, the same id",
    () =>
      Effect.gen(function*() {
        const { get, ofFile, upload } = yield* World.given()
        const file = yield* upload(World.linesOf([World.line("a")]))
        const sent = Array.from({ length: 5 }, () => ofFile(file, {}, { "idempotency-key": "once" }))
        const answers = [...yield* Effect.all(sent, { concurrency: "unbounded" }), yield* sent[0]!]
        assert.deepStrictEqual(answers.map(({ status }) => status), answers.map(() => 200))
        assert.lengthOf([...new Set(answers.map(idOf))], 1)
        assert.lengthOf(listOf(field((yield* get("/v1/batches")).json, "data")), 1)
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "kill -9 while in_progress: it goes on, and each custom_id is in the output once",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const upstream = yield* FakeUpstream.make({ respond: chatModel, models: ["m"] })
        const configuration = JSON.stringify({
          work: { max_concurrent_requests_per_batch: 2 },
          providers: {
            inference: [{
              provider_id: "upstream",
              provider_type: "remote::openai",
              config: { base_url: upstream.url }
            }],
            files: World.files
          }
        })
        const start = StrataProcess.serve({ folder, configuration })
        const first = yield* start
        const names = Array.from({ length: 200 }, (_, index) => `q${index}`)
        const before = World.clientAt(first.url)
        const id = idOf(yield* before.create(names.map((name) => World.line(name))))
        yield* before.awaitThat(
          `/v1/batches/${id}`,
          (batch) => Number(field(field(batch, "request_counts"), "completed")) >= 20
        )
        const { json: interrupted } = yield* Http.send(first.url, `/v1/batches/${id}`)
        assert.strictEqual(field(interrupted, "status"), "in_progress")
        yield* first.kill("SIGKILL")
        const { awaitStatus, content } = World.clientAt((yield* start).url)
        const { json } = yield* awaitStatus(id, "completed")
        assert.deepInclude(json as object, { request_counts: { total: 200, completed: 200, failed: 0 } })
        const lines = yield* content(field(json, "output_file_id"))
        assert.deepStrictEqual(lines.map((line) => field(line, "custom_id")).sort(), names.toSorted())
        // A line whose answer was in the log was not asked again.
        const asked = upstream.received.filter(({ method }) => method === "POST").length
        assert.isAtMost(asked, 200 + 2)
      }).pipe(Effect.scoped),
    90_000
  )
})
