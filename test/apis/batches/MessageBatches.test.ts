/** Message batches: Anthropic's own client walks every endpoint of them, over a vendor that speaks another dialect. */
// @effect-diagnostics asyncFunction:off
import Anthropic, { BadRequestError, ConflictError, NotFoundError } from "@anthropic-ai/sdk"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { setTimeout } from "node:timers/promises"
import * as World from "../../support/BatchWorld.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { chatModel } from "../../support/TurnWorld.ts"
import * as Vendors from "../../support/Vendors.ts"
import { verify } from "../../support/verify.ts"

const clientAt = (url: string) => new Anthropic({ baseURL: url, apiKey: "key", maxRetries: 0 })

const request = (custom_id: string, content = custom_id): Anthropic.Messages.BatchCreateParams.Request => ({
  custom_id,
  params: { model: "upstream/m", max_tokens: 50, messages: [{ role: "user", content }] }
})

const isEnded = async (client: Anthropic, id: string) => {
  while (true) {
    const batch = await client.messages.batches.retrieve(id)
    if (batch.processing_status === "ended") return batch
    await setTimeout(20)
  }
}

const resultsOf = async (client: Anthropic, id: string) => {
  const results = new Map<string, Anthropic.Messages.MessageBatchResult>()
  for await (const { custom_id, result } of await client.messages.batches.results(id)) {
    assert.isFalse(results.has(custom_id), custom_id)
    results.set(custom_id, result)
  }
  return results
}

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text: "Rain." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 }
}

const failureOf = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error)

describe.each(ways)("Anthropic's client, before $way", ({ it }) => {
  it.live("creates, retrieves, reads the results, lists with its pages, and deletes", () =>
    Effect.gen(function*() {
      const { strata, verify } = yield* World.given({
        model: (asked) =>
          asked.bodyText.includes("bad")
            ? ScriptedAnswer.error(400, "Not so.", "bad_question", "invalid_request_error")
            : chatModel(asked)
      })
      const id = yield* Effect.promise(async () => {
        const client = clientAt(strata.url)
        const made = await client.messages.batches.create({
          requests: [request("one"), request("bad"), {
            custom_id: "wrong",
            params: { model: "upstream/m", max_tokens: 1, messages: "no list" as never }
          }]
        })
        assert.deepInclude(made, { type: "message_batch", ended_at: null, results_url: null })
        assert.match(made.id, /^msgbatch_/)
        assert.deepStrictEqual(made.request_counts, {
          processing: 3,
          succeeded: 0,
          errored: 0,
          canceled: 0,
          expired: 0
        })
        const ended = await isEnded(client, made.id)
        assert.deepInclude(ended.request_counts, { processing: 0, succeeded: 1, errored: 2 })
        const results = await resultsOf(client, made.id)
        const one = results.get("one")
        assert.strictEqual(one?.type, "succeeded")
        assert.deepInclude(one?.type === "succeeded" ? one.message.content[0]! : {}, { text: "You said one" })
        for (const name of ["bad", "wrong"]) {
          const result = results.get(name)
          const error = result?.type === "errored" ? result.error : undefined
          assert.deepInclude(error?.error ?? {}, { type: "invalid_request_error" }, name)
          assert.strictEqual(error?.type, "error")
        }
        const second = await client.messages.batches.create({ requests: [request("two")] })
        const pages: Array<string> = []
        for await (const batch of client.messages.batches.list({ limit: 1 })) pages.push(batch.id)
        assert.deepStrictEqual(pages, [second.id, made.id])
        const before = await client.messages.batches.list({ before_id: made.id, limit: 5 })
        assert.deepStrictEqual(before.data.map((batch) => batch.id), [second.id])
        await isEnded(client, second.id)
        assert.deepStrictEqual(await client.messages.batches.delete(second.id), {
          id: second.id,
          type: "message_batch_deleted"
        })
        assert.instanceOf(await failureOf(client.messages.batches.retrieve(second.id)), NotFoundError)
        return made.id
      })
      assert.deepInclude((yield* verify(id)) as object, { status: "identical", requests: 3, skipped: [] })
    }).pipe(Effect.scoped), 30_000)

  it.live("cancels: what has no message says so, and results wait for the end", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({
        model: (asked) => asked.bodyText.includes("slow") ? ScriptedAnswer.silent : chatModel(asked)
      })
      const id = yield* Effect.promise(async () => {
        const client = clientAt(strata.url)
        const { id } = await client.messages.batches.create({ requests: [request("fast"), request("slow")] })
        assert.instanceOf(await failureOf(client.messages.batches.delete(id)), ConflictError)
        const early = await fetch(`${strata.url}/v1/messages/batches/${id}/results`)
        assert.deepInclude(await early.json(), { type: "error" })
        assert.strictEqual(early.status, 409)
        return id
      })
      // A message is there; the other never comes.
      yield* strata.awaitEvents({ types: ["batch:line_answered"] })
      yield* Effect.promise(async () => {
        const client = clientAt(strata.url)
        const canceling = await client.messages.batches.cancel(id)
        assert.isNotNull(canceling.cancel_initiated_at)
        const ended = await isEnded(client, id)
        assert.deepInclude(ended.request_counts, { succeeded: 1, canceled: 1, errored: 0 })
        const results = await resultsOf(client, id)
        assert.deepStrictEqual([results.get("fast")?.type, results.get("slow")?.type], ["succeeded", "canceled"])
      })
    }).pipe(Effect.scoped), 30_000)

  it.live("gets what can't be a batch as an error of its own form that names the field", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const { batches } = clientAt(strata.url).messages
        const stream = { ...request("a").params, stream: true } as never
        const wrong: ReadonlyArray<readonly [unknown, string]> = [
          [[request("a"), request("a")], "requests.1.custom_id"],
          [[request("with a space")], "custom_id"],
          [[{ custom_id: "a", params: stream }], "requests.0.params.stream"],
          [[], "requests"]
        ]
        for (const [requests, field] of wrong) {
          const error = await failureOf(batches.create({ requests: requests as never }))
          assert.instanceOf(error, BadRequestError)
          assert.include(String(error), field)
        }
      })
    }).pipe(Effect.scoped), 30_000)
})

describe("many requests", () => {
  it.live(
    "given more than stand in one event, when they are done, then each has its result once",
    () =>
      Effect.gen(function*() {
        const { strata } = yield* World.given({ level: "default" })
        yield* Effect.promise(async () => {
          const client = clientAt(strata.url)
          const names = Array.from({ length: 600 }, (_, index) => `q${index}`)
          const { id } = await client.messages.batches.create({ requests: names.map((name) => request(name)) })
          await isEnded(client, id)
          const results = await resultsOf(client, id)
          assert.deepStrictEqual([...results.keys()].sort(), names.toSorted())
        })
        assert.lengthOf(yield* strata.events({ types: ["batch:requests_added"] }), 3)
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a server that starts again", () => {
  it.live(
    "given what a batch's client has said in headers, when its lines are asked then, then the vendor hears it",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        let answers = false
        const vendor = yield* FakeUpstream.make({
          respond: ({ method }) =>
            method !== "POST" ? undefined : answers ? ScriptedAnswer.json(200, message) : ScriptedAnswer.silent
        })
        const options = { folder, level: "raw" as const, providers: [Vendors.entry("anthropic", vendor)] }
        const first = yield* Strata.make(options)
        const params = { ...request("a").params, model: "anthropic/m" }
        const { id } = yield* Effect.promise(() =>
          clientAt(first.url).messages.batches.create({ requests: [{ custom_id: "a", params }] }, {
            headers: { "anthropic-beta": "context-management-2025-06-27" }
          })
        )
        yield* vendor.awaitReceived(1)
        yield* first.close
        answers = true
        const second = yield* Strata.make(options)
        yield* Effect.promise(() => isEnded(clientAt(second.url), id))
        const asked = vendor.received.filter(({ method }) => method === "POST")
        assert.isAbove(asked.length, 1)
        for (const { headers } of asked) assert.strictEqual(headers["anthropic-beta"], "context-management-2025-06-27")
        yield* second.close
        const [report] = yield* verify(folder, [id])
        assert.deepInclude(report, { divergence: undefined })
      }).pipe(Effect.scoped),
    60_000
  )
})
