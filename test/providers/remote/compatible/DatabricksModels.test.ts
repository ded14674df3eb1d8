/** Databricks' list: the endpoints one can chat with, asked for beside the endpoints. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { compatibleVendors } from "../../../../src/providers/remote/compatible/CompatibleVendors.ts"
import * as DatabricksModels from "../../../../src/providers/remote/compatible/DatabricksModels.ts"
import { asked, urlOf } from "../../../support/AskedVendors.ts"

const databricks = compatibleVendors.find(({ type }) => type === "remote::databricks")!

describe("DatabricksModels", () => {
  it.effect("lists endpoints by name, and none that embed", () =>
    Effect.gen(function*() {
      const listed = yield* DatabricksModels.decode({
        endpoints: [
          { name: "chat-a", creator: "me@x", creation_timestamp: 1_700_000_000_999, task: "llm/v1/chat" },
          { name: "embed", task: "llm/v1/embeddings" },
          { name: "unsaid" },
          { nameless: true }
        ]
      })
      assert.deepStrictEqual(listed, [
        { id: "chat-a", created: 1_700_000_000, owned_by: "me@x" },
        { id: "unsaid", created: 0, owned_by: "databricks" }
      ])
      assert.deepStrictEqual(yield* DatabricksModels.decode({}), [])
      assert.include((yield* Effect.flip(DatabricksModels.decode([]))).message, "endpoints")
    }))

  it.live("is asked of the workspace's own API", () =>
    Effect.gen(function*() {
      const config = { url: "https://w.example", api_token: "dapi-1" }
      const { requests } = yield* asked(databricks, config, { lists: true })
      assert.deepStrictEqual(requests.map(urlOf), [
        "https://w.example/serving-endpoints/chat/completions",
        "https://w.example/api/2.0/serving-endpoints"
      ])
      assert.strictEqual(requests[1]!.headers["authorization"], "Bearer dapi-1")
    }))
})
