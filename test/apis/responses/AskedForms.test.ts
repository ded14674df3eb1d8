/** What no model can be asked for is named as its client named it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { problem } from "../../../src/apis/responses/AskedForms.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"

const format = (format: never) => ({ text: { format } })
const schema = { type: "object" }

const refused: ReadonlyArray<readonly [param: string, body: object, code: string | null]> = [
  ["text.format", format("json" as never), null],
  ["text.format.name", format({ type: "json_schema", schema } as never), "missing_required_parameter"],
  ["text.format.schema", format({ type: "json_schema", name: "n" } as never), "missing_required_parameter"],
  ["text.format.schema", format({ type: "json_schema", name: "n", schema: 5 } as never), null],
  ["tools[1].parameters", {
    tools: [{ type: "function", name: "f" }, { type: "function", name: "g", parameters: "x" }]
  }, null]
]

describe("the forms of what is asked", () => {
  it("given what can be asked for, then nothing is wrong", () => {
    const bodies = [
      {},
      { text: null, tools: null },
      { text: { verbosity: "low" } },
      format({ type: "text" } as never),
      format({ type: "json_object" } as never),
      format({ type: "json_schema", name: "n", schema } as never),
      {
        tools: [{ type: "function", name: "f", parameters: schema }, { type: "function", name: "g", parameters: null }]
      }
    ]
    for (const body of bodies) assert.isUndefined(problem(body as never))
  })

  it.live(
    "given what can't be, or a prompt or conversation that is not there, then 400 or 404 names the field",
    () =>
      Effect.gen(function*() {
        const { post } = yield* ResponsesWorld.given()
        const ask = (body: object) => post("/v1/responses", { model: "m", input: "hello", ...body } as never)
        const others = [
          ["prompt.id", { prompt: {} }, null, 400],
          ["prompt.id", { prompt: { id: 5 } }, null, 400],
          ["prompt.variables", { prompt: { id: "pmpt_1", variables: "x" } }, null, 400],
          ["prompt.variables.a", { prompt: { id: "pmpt_1", variables: { a: null } } }, null, 400],
          ["prompt.id", { prompt: { id: "pmpt_1" } }, "prompt_not_found", 404],
          ["conversation", { conversation: "conv_1" }, "conversation_not_found", 404]
        ] as const
        for (const [param, body, code, status] of [...refused.map((each) => [...each, 400] as const), ...others]) {
          const answer = yield* ask(body)
          assert.strictEqual(answer.status, status, answer.text)
          assert.deepInclude(field(answer.json, "error"), { param, code })
          assert.include(String(field(field(answer.json, "error"), "message")), `${param}:`)
        }
      }),
    60_000
  )
})
