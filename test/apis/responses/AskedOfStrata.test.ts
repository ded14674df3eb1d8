/** What a vendor that knows responses is never asked for in our place. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as AskedOfStrata from "../../../src/apis/responses/AskedOfStrata.ts"

const here = { hasStore: () => true, isOurs: ({ type }: Schema.JsonObject) => type === "file_search" }
const any = (body: Schema.JsonObject) => AskedOfStrata.any(body, here)

describe("AskedOfStrata.any", () => {
  it.each([
    { previous_response_id: "resp_1" },
    { conversation: "conv_1" },
    { prompt: { id: "pmpt_1" } },
    { max_infer_iters: 3 },
    { background: true },
    { tools: [{ type: "function", name: "f" }, { type: "mcp", server_label: "s" }] },
    { tools: [{ type: "file_search", vector_store_ids: ["vs_1"] }] },
    { input: [{ type: "mcp_approval_response", approval_request_id: "mcpr_1", approve: true }] },
    { input: [{ type: "compaction", id: "cmp_1" }] }
  ])("is true of %j", (body) => {
    assert.isTrue(any({ model: "m", input: "hello", ...body }))
  })

  it.each([
    {},
    { previous_response_id: null, conversation: null, background: false, prompt: null },
    { tools: [{ type: "function", name: "f" }, { type: "web_search" }] },
    { tools: "none" },
    { input: [{ type: "item_reference", id: "rs_of_the_vendor" }, { role: "user", content: "hello" }] }
  ])("is false of %j", (body) => {
    assert.isFalse(any({ model: "m", input: "hello", ...body }))
  })
})
