/** Llama Stack's client walks the API of responses. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient, NotFoundError, RateLimitError } from "llama-stack-client"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const model = "upstream/m"
const clientAt = (url: string) => new LlamaStackClient({ baseURL: url, apiKey: "key", maxRetries: 0 })

describe.each(ways)("Llama Stack's client, before $way", ({ it }) => {
  it.live("creates, streams, retrieves, lists with its pages, and deletes", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const client = clientAt(strata.url)
        const first = await client.responses.create({ model, input: "one" })
        assert.strictEqual(World.textOf(first), "You said one")
        const types: Array<string> = []
        for await (const event of await client.responses.create({ model, input: "two", stream: true })) {
          types.push(String(event.type))
        }
        assert.deepStrictEqual([types[0], types.at(-1)], ["response.created", "response.completed"])
        await client.responses.create({ model, input: "three", previous_response_id: first.id })
        const listed: Array<string> = []
        for await (const each of client.responses.list({ limit: 1, order: "asc" })) listed.push(World.textOf(each))
        assert.deepStrictEqual(listed, ["You said one", "You said two", "You said three"])
        assert.strictEqual((await client.responses.retrieve(first.id)).id, first.id)
        const items = await client.responses.inputItems.list(first.id)
        assert.lengthOf(items.data, 1)
        await client.responses.delete(first.id)
        const gone = await client.responses.retrieve(first.id).catch((error: unknown) => error)
        assert.instanceOf(gone, NotFoundError)
      })
    }).pipe(Effect.scoped), 20_000)

  it.live("gets a vendor's refusal as its own class", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({
        model: ({ method }) =>
          method === "POST" ? ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests") : undefined
      })
      const failure = yield* Effect.promise(() =>
        clientAt(strata.url).responses.create({ model, input: "hello" }).catch((error: unknown) => error)
      )
      assert.instanceOf(failure, RateLimitError)
    }).pipe(Effect.scoped), 20_000)
})
