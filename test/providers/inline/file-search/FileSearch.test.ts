/** `inline::file-search`: vector stores as a tool, over HTTP and MCP, recorded and verified. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import { Effect } from "effect"
import { toFile } from "openai"
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { clientOf } from "../../../support/FilesWorld.ts"
import { Strata } from "../../../support/Strata.ts"
import { ToolWorld } from "../../../support/ToolWorld.ts"
import * as VectorWorld from "../../../support/VectorWorld.ts"
import { verify } from "../../../support/verify.ts"

const more = {
  ...VectorWorld.more,
  tool_runtime: [{ provider_id: "files", provider_type: "inline::file-search", config: {} }]
}

const given = Effect.gen(function*() {
  const strata = yield* Strata.make({ providers: [VectorWorld.embeddings], more, supervision: {} })
  const { vectorStores } = clientOf(strata)
  const storeOf = (name: string, text: string) =>
    Effect.promise(async () => {
      const store = await vectorStores.create({ name })
      await vectorStores.files.uploadAndPoll(store.id, await toFile(Buffer.from(text), `${name}.txt`))
      return store.id
    })
  const [cold, fruit] = [
    yield* storeOf("cold", VectorWorld.texts.cold),
    yield* storeOf("fruit", VectorWorld.texts.fruit)
  ]
  return { strata, cold, fruit }
})

const filesIn = (answer: unknown) =>
  (field(field(answer, "structured_content"), "results") as ReadonlyArray<unknown>).map((each) =>
    field(each, "filename")
  )

describe("inline::file-search", () => {
  it.live(
    "searches all stores or those that are named, and a session of it verifies identical",
    () =>
      Effect.gen(function*() {
        const { cold, fruit, strata } = yield* given
        const ask = (input: Record<string, unknown>) =>
          ToolWorld.invoke(strata.url, { name: "file_search", arguments: input as never, session: "searching" })
        const all = yield* ask({ query: "Where is there snow?" })
        assert.deepStrictEqual(filesIn(all.json), ["cold.txt", "fruit.txt"], all.text)
        const named = yield* ask({ query: "Where is there snow?", vector_store_ids: [fruit], max_num_results: 1 })
        assert.deepStrictEqual(filesIn(named.json), ["fruit.txt"])
        const filtered = yield* ask({
          query: "snow",
          vector_store_ids: [cold],
          filters: { type: "eq", key: "language", value: "no" }
        })
        assert.deepStrictEqual(filesIn(filtered.json), [])
        const [report] = yield* verify(strata.folder, ["searching"])
        assert.deepInclude(report, { divergence: undefined, skipped: [] }, JSON.stringify(report))
      }),
    120_000
  )

  it.live("says to the model what is wrong with what it asks", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const ask = (input: Record<string, unknown>) =>
        ToolWorld.invoke(strata.url, { name: "file_search", arguments: input as never })
      const unknown = yield* ask({ query: "snow", vector_store_ids: ["vs_none"] })
      assert.strictEqual(field(unknown.json, "is_error"), true, unknown.text)
      assert.match(ToolWorld.textOf(unknown.json), /vs_none/)
      const empty = yield* ask({ max_num_results: 51, query: "snow" })
      assert.match(ToolWorld.textOf(empty.json), /max_num_results/)
    }), 120_000)

  it.live("is there over MCP", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const client = new Client({ name: "test", version: "1" })
      const result = yield* Effect.promise(async () => {
        await client.connect(new StreamableHTTPClientTransport(new URL(`${strata.url}/mcp`)) as never)
        return client.callTool({ name: "file_search", arguments: { query: "Which fruit is yellow?" } })
      }).pipe(Effect.ensuring(Effect.promise(() => client.close())))
      assert.match(ToolWorld.textOf(result), /Bananas/)
    }), 120_000)
})
