// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { BadRequestError } from "openai"
import type OpenAI from "openai"
import * as FileSearch from "../../../src/apis/responses/FileSearch.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as FileSearchWorld from "../../support/FileSearchWorld.ts"
import { ask, refusal } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { streamedSearch } from "../../support/streamedSearch.ts"
import * as VectorWorld from "../../support/VectorWorld.ts"

const messageOf = (output: ReadonlyArray<OpenAI.Responses.ResponseOutputItem>) => {
  const message = output.find(({ type }) => type === "message") as OpenAI.Responses.ResponseOutputMessage
  const [content] = message.content
  return content as OpenAI.Responses.ResponseOutputText
}

describe.each(ways)("file_search of responses, before $way", ({ it }) => {
  it.live(
    "searches, shows what came of it where it is asked for, and cites the files",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client } = yield* FileSearchWorld.make()
        const { output, status } = yield* ask(() =>
          client.responses.create(asking({ include: ["file_search_call.results"] }))
        )
        assert.strictEqual(status, "completed")
        const [call] = output
        assert.strictEqual(call?.type, "file_search_call")
        if (call?.type !== "file_search_call") return
        assert.deepInclude(call, { status: "completed", queries: ["snow"] })
        assert.strictEqual(call.results?.length, 2)
        const [best] = call.results!
        assert.deepInclude(best!, { filename: "cold.txt", text: VectorWorld.texts.cold, attributes: { name: "cold" } })
        const { annotations, text } = messageOf(output)
        assert.include(text, VectorWorld.texts.cold)
        assert.notMatch(text, /<\|file-/)
        const { index, ...citation } = annotations[0] as OpenAI.Responses.ResponseOutputText.FileCitation
        assert.deepStrictEqual(citation, { type: "file_citation", file_id: best!.file_id!, filename: "cold.txt" })
        assert.isTrue(text.slice(0, index).endsWith("for example: It is cold in Oslo "), text.slice(0, index))
      })),
    60_000
  )

  it.live(
    "keeps results to itself where nobody asks for them, and asks what filters leave",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, store } = yield* FileSearchWorld.make()
        const filters = { type: "eq", key: "name", value: "money" } as const
        const tools = [{ type: "file_search" as const, vector_store_ids: [store.id], filters }]
        const { output } = yield* ask(() => client.responses.create(asking({ tools })))
        assert.deepInclude(output[0]!, { type: "file_search_call", results: null })
        const { annotations, text } = messageOf(output)
        assert.include(text, VectorWorld.texts.money)
        assert.notInclude(text, VectorWorld.texts.cold)
        assert.deepInclude(annotations[0]!, { filename: "money.txt" })
      })),
    60_000
  )

  it.live(
    "streams the search and the text without its marks",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client } = yield* FileSearchWorld.make()
        const { output, text: grown } = yield* streamedSearch(client, asking(), "file_search")
        const { annotations, text } = messageOf(output)
        assert.strictEqual(grown, text)
        assert.strictEqual(annotations.length, 1)
      })),
    60_000
  )

  it.live(
    "goes on from a response that searched, and a session of it verifies offline",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, strata } = yield* FileSearchWorld.make()
        const headers = { "x-strata-session-id": "searching" }
        const include = ["file_search_call.results" as const]
        const first = yield* ask(() => client.responses.create(asking({ include }), { headers }))
        const next = yield* ask(() =>
          client.responses.create({ model: "upstream/m", input: "thanks", previous_response_id: first.id }, { headers })
        )
        assert.include(messageOf(next.output).text, "thanks")
        const types = (yield* strata.events({ sessionId: "searching" })).map(({ type }) => type)
        assert.includeMembers(types, ["embedding:request", "vector:request", "vector:response"])
        const { json } = yield* Http.post(strata.url, "/v1/sessions/searching/verify", {})
        assert.strictEqual(field(json, "status"), "identical", JSON.stringify(json))
      })),
    60_000
  )

  it.live(
    "searches a store whose id its client chose",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, strata } = yield* FileSearchWorld.make()
        const id = "vs_manuals01"
        const tools = [{ type: "file_search" as const, vector_store_ids: [id] }]
        assert.instanceOf(yield* refusal(() => client.responses.create(asking({ tools }))), BadRequestError)
        yield* ask(() => client.vectorStores.create({ id } as object))
        const chunks = [{ chunk_id: "a", content: "Snow lies here.", chunk_metadata: { document_id: "d" } }]
        yield* Http.post(strata.url, "/v1/vector-io/insert", { vector_store_id: id, chunks })
        for (const background of [false, true]) {
          const made = yield* ask(() => client.responses.create(asking({ tools, background })))
          const { output } = yield* Effect.repeat(ask(() => client.responses.retrieve(made.id)), {
            until: ({ status }) => status === "completed" || status === "failed"
          })
          assert.include(messageOf(output).text, "Snow lies here.")
        }
      })),
    60_000
  )

  it.live(
    "searches what each of two tools names, with the filters of each",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, store } = yield* FileSearchWorld.make()
        const only = (value: string) => ({
          type: "file_search" as const,
          vector_store_ids: [store.id],
          filters: { type: "eq" as const, key: "name", value }
        })
        const include = ["file_search_call.results" as const]
        for (
          const [tools, names] of [
            [[only("cold"), only("money")], ["cold.txt", "money.txt"]],
            [[only("money"), only("money")], ["money.txt"]]
          ] as const
        ) {
          const { output } = yield* ask(() => client.responses.create(asking({ tools, include })))
          const [call] = output
          if (call?.type !== "file_search_call") return assert.fail("no search")
          assert.sameMembers(call.results!.map(({ filename }) => filename!), [...names])
          const scores = call.results!.map(({ score }) => score!)
          assert.deepStrictEqual(scores, scores.toSorted((one, other) => other - one))
        }
      })),
    60_000
  )

  it.live(
    "refuses stores that are not here",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client } = yield* FileSearchWorld.make()
        const tools = [{ type: "file_search" as const, vector_store_ids: ["vs_elsewhere"] }]
        const error = yield* refusal(() => client.responses.create(asking({ tools })))
        assert.instanceOf(error, BadRequestError)
        assert.match(error.message, /vector_store_ids/)
        const gone = [{ type: "file_search" as const, vector_store_ids: [`vs_${"0".repeat(48)}`] }]
        const { output } = yield* ask(() => client.responses.create(asking({ tools: gone })))
        assert.deepInclude(output[0]!, { type: "file_search_call", status: "failed" })
      })),
    60_000
  )
})

describe("the queries of a search", () => {
  it("are texts, whatever a model sends", () => {
    assert.deepStrictEqual(FileSearch.queriesIn({ queries: ["a", 1, " "] }), ["a"])
    assert.deepStrictEqual(FileSearch.queriesIn({ query: "b" }), ["b"])
    assert.deepStrictEqual(FileSearch.queriesIn({}), [])
  })
})
