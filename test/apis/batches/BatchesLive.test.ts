/** Batches of files over HTTP: looked at, asked, counted, written into files, given up. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `q${index + 1}`)
const idsIn = (lines: ReadonlyArray<unknown>) => lines.map((line) => String(field(line, "custom_id"))).sort()

describe("a batch of a file", () => {
  it.live(
    "given lines, when all are answered, then each stands in the output once, with its request's id",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create, strata, upstream } = yield* World.given()
        const created = yield* create(numbers(40).map((id) => World.line(id)), { metadata: { topic: "test" } })
        assert.deepInclude(created.json as object, {
          object: "batch",
          status: "validating",
          endpoint: "/v1/chat/completions",
          completion_window: "24h",
          metadata: { topic: "test" },
          errors: null,
          output_file_id: null
        })
        const { json: batch } = yield* awaitStatus(idOf(created), "completed")
        assert.deepInclude(batch as object, {
          request_counts: { total: 40, completed: 40, failed: 0 },
          error_file_id: null,
          model: "m"
        })
        assert.deepInclude(field(batch, "usage") as object, {
          input_tokens: 400,
          output_tokens: 200,
          total_tokens: 600
        })
        for (const time of ["in_progress_at", "finalizing_at", "completed_at", "expires_at"]) {
          assert.isNumber(field(batch, time), time)
        }
        const lines = yield* content(field(batch, "output_file_id"))
        assert.deepStrictEqual(idsIn(lines), numbers(40).sort())
        assert.strictEqual(new Set(lines.map((line) => field(line, "id"))).size, 40)
        const requests = new Set((yield* strata.events({ types: ["api:request"] })).map(({ requestId }) => requestId))
        for (const line of lines) {
          const response = field(line, "response")
          assert.strictEqual(field(response, "status_code"), 200)
          assert.isTrue(requests.has(String(field(response, "request_id"))))
          const [choice] = listOf(field(field(response, "body"), "choices"))
          assert.strictEqual(field(field(choice, "message"), "content"), `You said ${String(field(line, "custom_id"))}`)
          assert.isNull(field(line, "error"))
        }
        assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 40)
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given some lines that the vendor refuses, when the batch is completed, then they stand among the errors",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create, verify } = yield* World.given({
          model: ({ bodyText, method }) =>
            method !== "POST"
              ? undefined
              : bodyText.includes("bad")
              ? ScriptedAnswer.error(400, "Not so.", "bad_question", "invalid_request_error")
              : ScriptedAnswer.json(200, { id: "1", choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } })
        })
        const unknown = { ...World.line("unknown"), body: { model: "nobody/x", messages: [] } }
        const created = yield* create([World.line("good"), World.line("bad"), unknown])
        const { json: batch } = yield* awaitStatus(idOf(created), "completed")
        assert.deepInclude(batch as object, { request_counts: { total: 3, completed: 1, failed: 2 } })
        assert.deepStrictEqual(idsIn(yield* content(field(batch, "output_file_id"))), ["good"])
        const errors = yield* content(field(batch, "error_file_id"))
        assert.deepStrictEqual(idsIn(errors), ["bad", "unknown"])
        const statuses = Object.fromEntries(
          errors.map((line) => [field(line, "custom_id"), field(field(line, "response"), "status_code")])
        )
        assert.deepStrictEqual(statuses, { bad: 400, unknown: 404 })
        // Each line is a request of the batch's session: a verification runs it again, refused or not.
        assert.deepInclude((yield* verify(idOf(created))) as object, { status: "identical", requests: 3, skipped: [] })
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given wrong lines, when the input is read, then the batch fails and says of each line what is wrong",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create, upstream } = yield* World.given()
        const { method: _, ...withoutMethod } = World.line("b")
        const created = yield* create([
          World.line("a"),
          withoutMethod,
          "{ no JSON",
          World.line("a"),
          "",
          { ...World.line("e"), url: "/v1/embeddings" },
          { ...World.line("f"), body: { model: "upstream/m", messages: [], stream: true } }
        ])
        const { json: batch } = yield* awaitStatus(idOf(created), "failed")
        const expected = [
          [2, "missing_required_parameter", "method"],
          [3, "invalid_json_line", null],
          [4, "duplicate_custom_id", "custom_id"],
          [6, "mismatched_endpoint", "url"],
          [7, "invalid_body", "body.stream"]
        ]
        const of = (errors: ReadonlyArray<unknown>) =>
          errors.map((error) => ["line", "code", "param"].map((name) => field(error, name)))
        assert.deepStrictEqual(of(listOf(field(field(batch, "errors"), "data"))), expected)
        const inFile = yield* content(field(batch, "error_file_id"))
        assert.deepStrictEqual(of(inFile.map((each) => field(each, "error"))), expected)
        assert.isNull(field(batch, "output_file_id"))
        assert.isNumber(field(batch, "failed_at"))
        assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 0)
      }).pipe(Effect.scoped),
    15_000
  )

  it.live("given a file with no line, when it is read, then the batch fails", () =>
    Effect.gen(function*() {
      const { awaitStatus, create } = yield* World.given()
      const { json: batch } = yield* awaitStatus(idOf(yield* create(["\n\n"])), "failed")
      assert.strictEqual(field(listOf(field(field(batch, "errors"), "data"))[0], "code"), "empty_file")
    }).pipe(Effect.scoped), 15_000)

  it.live(
    "given answers that wait, when the batch is cancelled, then what has an answer is kept and the rest says why not",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, awaitThat, content, create, post } = yield* World.given({
          model: ({ bodyText, method }) =>
            method !== "POST"
              ? undefined
              : bodyText.includes("slow")
              ? ScriptedAnswer.silent
              : ScriptedAnswer.json(200, { id: "1", choices: [] })
        })
        const id = idOf(yield* create([World.line("fast"), World.line("slow"), World.line("slow2")]))
        yield* awaitThat(`/v1/batches/${id}`, (batch) => field(field(batch, "request_counts"), "completed") === 1)
        const cancelling = yield* post(`/v1/batches/${id}/cancel`, {})
        assert.include(["cancelling", "cancelled"], field(cancelling.json, "status"))
        const { json: batch } = yield* awaitStatus(id, "cancelled")
        assert.isNumber(field(batch, "cancelling_at"))
        assert.isNumber(field(batch, "cancelled_at"))
        assert.deepStrictEqual(idsIn(yield* content(field(batch, "output_file_id"))), ["fast"])
        const errors = yield* content(field(batch, "error_file_id"))
        assert.deepStrictEqual(idsIn(errors), ["slow", "slow2"])
        assert.strictEqual(field(field(errors[0], "error"), "code"), "batch_cancelled")
        const again = yield* post(`/v1/batches/${id}/cancel`, {})
        assert.deepInclude(again.json as object, { id, status: "cancelled" })
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given a short window, when it is over, then the batch is expired and lines without an answer say so",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create } = yield* World.given({
          model: ({ bodyText, method }) =>
            method !== "POST"
              ? undefined
              : bodyText.includes("slow")
              ? ScriptedAnswer.silent
              : ScriptedAnswer.json(200, { id: "1", choices: [] })
        })
        const created = yield* create([World.line("fast"), World.line("slow")], { completion_window: "3s" })
        const { json: batch } = yield* awaitStatus(idOf(created), "expired")
        assert.isNumber(field(batch, "expired_at"))
        assert.deepStrictEqual(idsIn(yield* content(field(batch, "output_file_id"))), ["fast"])
        const [error] = yield* content(field(batch, "error_file_id"))
        assert.deepStrictEqual([field(error, "custom_id"), field(field(error, "error"), "code")], [
          "slow",
          "batch_expired"
        ])
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given every endpoint that is served, when lines ask it, then they are answered in its dialect",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, content, create } = yield* World.given()
        const messages = [{ role: "user", content: "hello" }]
        const bodies = {
          "/v1/messages": { model: "upstream/m", max_tokens: 5, messages },
          "/v1/responses": { model: "upstream/m", input: "hello" }
        }
        for (const [endpoint, body] of Object.entries(bodies)) {
          const created = yield* create([{ ...World.line("a"), url: endpoint, body }], { endpoint })
          const { json: batch } = yield* awaitStatus(idOf(created), "completed")
          const [line] = yield* content(field(batch, "output_file_id"))
          assert.include(JSON.stringify(line), "You said hello", endpoint)
        }
      }).pipe(Effect.scoped),
    15_000
  )
})
