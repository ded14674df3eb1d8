/** Making batches: who may, of what, once for each key; and whose their lines and files are. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `q${index + 1}`)
const codeOf = (answer: { readonly json: unknown }) => field(field(answer.json, "error"), "code")

describe("making a batch", () => {
  it.live(
    "given what can't be a batch, when it is asked for, then the answer names the field",
    () =>
      Effect.gen(function*() {
        const { ofFile, upload } = yield* World.given()
        const good = yield* upload(World.linesOf([World.line("a")]))
        const refused = [
          [yield* ofFile("file-unknown"), "input_file_id"],
          [yield* ofFile(good, { endpoint: "/v1/nothing" }), "endpoint"],
          [yield* ofFile(good, { completion_window: "soon" }), "completion_window"],
          [yield* ofFile(good, { completion_window: "8d" }), "completion_window"],
          [yield* ofFile(good, { output_expires_after: { anchor: "created_at", seconds: 1 } }), "output_expires_after"]
        ] as const
        for (const [answer, param] of refused) {
          assert.strictEqual(answer.status, 400, answer.text)
          assert.include(String(field(field(answer.json, "error"), "param")), param)
        }
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given a key that was used, when other parameters come with it, then they are refused",
    () =>
      Effect.gen(function*() {
        const { ofFile, upload } = yield* World.given()
        const [one, other] = [yield* upload("{}"), yield* upload("{}")]
        const first = yield* ofFile(one, { idempotency_key: "k" })
        const again = yield* ofFile(one, {}, { "idempotency-key": "k" })
        assert.deepStrictEqual(again.json, first.json)
        const different = yield* ofFile(other, { idempotency_key: "k" })
        assert.deepStrictEqual([different.status, codeOf(different)], [409, "idempotency_key_reused"])
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given output_expires_after, when the batch is done, then its file is deleted of itself then",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, create, get } = yield* World.given()
        const created = yield* create([World.line("a")], {
          output_expires_after: { anchor: "created_at", seconds: 7200 }
        })
        const { json: batch } = yield* awaitStatus(idOf(created), "completed")
        const { json: file } = yield* get(`/v1/files/${String(field(batch, "output_file_id"))}`)
        assert.deepInclude(file as object, {
          purpose: "batch_output",
          expires_at: Number(field(file, "created_at")) + 7200
        })
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given rules of paths that keep somebody from an endpoint, when a batch of it is made, then it is refused",
    () =>
      Effect.gen(function*() {
        const { ofFile, upload } = yield* World.given({
          headers: Keys.headers("alice"),
          auth: {
            providers: [Keys.provider({ alice: {} })],
            route_policy: [
              { forbid: { principal: "alice", actions: ["create"], paths: ["/v1/chat/completions"] } },
              { permit: { actions: ["create", "read"], paths: ["*"] } }
            ]
          } as never
        })
        const answer = yield* ofFile(yield* upload(World.linesOf([World.line("a")])))
        assert.deepStrictEqual([answer.status, codeOf(answer)], [403, "access_denied"])
      }).pipe(Effect.scoped),
    15_000
  )
})

describe("whose a batch is", () => {
  it.live(
    "given two clients, when one makes a batch, then its lines and files are that one's, and the other sees none of it",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, create, strata } = yield* World.given({
          headers: Keys.headers("alice"),
          auth: { providers: [Keys.provider({ alice: {}, bob: {} })] }
        })
        const bob = World.clientAt(strata.url, Keys.headers("bob"))
        const id = idOf(yield* create([World.line("a")]))
        const { json: batch } = yield* awaitStatus(id, "completed")
        const asked = (yield* strata.events({ types: ["api:request"], sessionId: id })).map(({ principal }) =>
          principal
        )
        assert.deepStrictEqual(asked, ["alice"])
        const output = String(field(batch, "output_file_id"))
        for (const path of [`/v1/batches/${id}`, `/v1/files/${output}`, `/v1/sessions/${id}`]) {
          assert.strictEqual((yield* bob.get(path)).status, 404, path)
        }
        assert.strictEqual((yield* bob.post(`/v1/batches/${id}/cancel`, {})).status, 404)
        assert.deepInclude((yield* bob.get("/v1/batches")).json as object, { data: [] })
        const stolen = yield* bob.ofFile(String(field(batch, "input_file_id")))
        assert.strictEqual(stolen.status, 400)
      }).pipe(Effect.scoped),
    15_000
  )

  it.live(
    "given a quota, when lines use it up, then they wait for the next period instead of failing",
    () =>
      Effect.gen(function*() {
        const { create, strata } = yield* World.given({
          headers: Keys.headers("alice"),
          auth: { providers: [Keys.provider({ alice: {} })] },
          quota: { authenticated_max_requests: 8, anonymous_max_requests: 8, period: "day" } as never
        })
        // The upload and the batch are two of them.
        const id = idOf(yield* create(numbers(10).map((each) => World.line(each))))
        yield* strata.awaitEvents({ types: ["batch:line_answered"] }, 6)
        yield* Effect.sleep("300 millis")
        assert.lengthOf(yield* strata.events({ types: ["batch:line_answered"] }), 6)
        assert.lengthOf(yield* strata.events({ types: ["batch:ended"] }), 0)
        const other = yield* Http.send(strata.url, `/v1/batches/${id}`, { headers: Keys.headers("alice") })
        assert.strictEqual(other.status, 429)
      }).pipe(Effect.scoped),
    15_000
  )
})
