/** Items as they are kept, and as a model gets them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ItemMessages from "../../../src/apis/responses/ItemMessages.ts"
import * as ResponseItems from "../../../src/apis/responses/ResponseItems.ts"

const id = "resp_0f3a"

describe("items of a response", () => {
  it("given a text, when it is kept, then it is a message with an id and parts", () => {
    const [item] = ResponseItems.given("hello")
    assert.deepStrictEqual(ResponseItems.kept(item!, id, 0), {
      type: "message",
      role: "user",
      id: "msg_resp_0f3a_in0",
      status: "completed",
      content: [{ type: "input_text", text: "hello" }]
    })
  })

  it("given an id of an item, then it says which response made it, and no other id does", () => {
    assert.strictEqual(ResponseItems.responseOf("msg_resp_0f3a_12"), "resp_0f3a")
    assert.strictEqual(ResponseItems.responseOf("msg_resp_0f3a_in1"), "resp_0f3a")
    for (const other of ["msg_1", "resp_0f3a", "msg_resp_xyz_1"]) assert.isUndefined(ResponseItems.responseOf(other))
  })

  it("given an approved call of an MCP tool, then a model gets one call and its result", () => {
    const items = [
      { type: "mcp_list_tools", id: "l", server_label: "s", tools: [] },
      { type: "mcp_approval_request", id: "a", server_label: "s", name: "f", arguments: "{\"x\":1}" },
      { type: "mcp_approval_response", approval_request_id: "a", approve: true },
      {
        type: "mcp_call",
        id: "c",
        approval_request_id: "a",
        server_label: "s",
        name: "f",
        arguments: "{}",
        output: "done"
      }
    ]
    const messages = Effect.runSync(ItemMessages.of(items))
    assert.deepStrictEqual(
      messages.map(({ content, role }) => [
        role,
        (content as ReadonlyArray<{ readonly type: string }>).map(({ type }) => type)
      ]),
      [
        ["assistant", ["tool_call"]],
        ["tool", ["tool_result"]]
      ]
    )
    assert.strictEqual(ResponseItems.openApprovals(items).size, 0)
    assert.deepStrictEqual([...ResponseItems.openApprovals(items.slice(0, 2)).keys()], ["a"])
  })

  it("given a call without its output, then it is open", () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" }
    assert.deepStrictEqual<unknown>(ResponseItems.openCalls([call]), [call])
    const custom = { type: "custom_tool_call", call_id: "d", name: "g", input: "x" }
    assert.deepStrictEqual<unknown>(ResponseItems.openCalls([call, custom]), [call, custom])
    const given = { type: "custom_tool_call_output", call_id: "d", output: "y" }
    assert.deepStrictEqual<unknown>(ResponseItems.openCalls([call, custom, given]), [call])
    assert.deepStrictEqual(
      ResponseItems.openCalls([call, { type: "function_call_output", call_id: "c", output: "" }]),
      []
    )
  })
})
