/** What a batch did runs again without a network, and gives the same; also of a log that is opened elsewhere. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))

describe("a verification", () => {
  it.live(
    "given a batch and the session that made it, when both are verified, then they are identical and ask nobody",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, ofFile, post, upload, upstream, verify } = yield* World.given()
        const file = yield* upload(World.linesOf(Array.from({ length: 30 }, (_, index) => World.line(`q${index}`))))
        const session = { "x-strata-session-id": "made" }
        const created = yield* ofFile(file, {}, { ...session, "idempotency-key": "k" })
        const messages = yield* post("/v1/messages/batches", {
          requests: [{ custom_id: "a", params: { model: "upstream/m", max_tokens: 5, messages: [] } }]
        }, session)
        const done = yield* awaitStatus(idOf(created), "completed")
        // Who sends it again gets what was answered then, however far the batch has come.
        const again = yield* ofFile(file, {}, { ...session, "idempotency-key": "k" })
        assert.deepStrictEqual(again.json, created.json)
        assert.notDeepEqual(again.json, done.json)
        assert.strictEqual(messages.status, 200)
        const asked = upstream.received.length
        assert.deepInclude((yield* verify(idOf(created))) as object, { status: "identical", requests: 30, skipped: [] })
        assert.deepInclude((yield* verify("made")) as object, { status: "identical", requests: 3, skipped: [] })
        assert.strictEqual(upstream.received.length, asked)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "given lines of responses and of embeddings' errors, when their batch is verified, then it is identical",
    () =>
      Effect.gen(function*() {
        const { awaitStatus, create, verify } = yield* World.given()
        const bodies = [
          ["/v1/responses", { model: "upstream/m", input: "hello" }],
          ["/v1/embeddings", { model: "nobody/m", input: "hello" }]
        ] as const
        for (const [endpoint, body] of bodies) {
          const created = yield* create([{ ...World.line("a"), url: endpoint, body }], { endpoint })
          yield* awaitStatus(idOf(created), "completed")
          assert.deepInclude((yield* verify(idOf(created))) as object, {
            status: "identical",
            requests: 1,
            skipped: []
          })
        }
      }).pipe(Effect.scoped),
    30_000
  )
})
