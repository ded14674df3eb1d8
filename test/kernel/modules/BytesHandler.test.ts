/** A payload is asked about directly where that is all a route takes, and refused as by the route. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiError, HttpApiGroup } from "effect/http-api"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as BytesHandler from "../../../src/kernel/modules/BytesHandler.ts"

const Question = Schema.Struct({ name: Schema.String, count: Schema.Int })

const asked: Array<readonly [typeof Question.Type, string]> = []
const handler = BytesHandler.make((question: typeof Question.Type, text) => {
  asked.push([question, text])
  return Effect.succeed(Bytes.json(200, "{}"))
})

const api = { annotations: Context.make(HttpApi.ParseOptions, { errors: "all" }) }
const group = HttpApiGroup.make("questions") as unknown as HttpApiGroup.Top
const route = HttpApiEndpoint.post("ask", "/ask", { payload: Question, success: Schema.String })

const direct = (endpoint: unknown, given: object = handler) =>
  BytesHandler.direct(api, group, endpoint as HttpApiEndpoint.Top, given)

describe("BytesHandler", () => {
  it.effect("gives the decoded payload and the text as it was sent", () =>
    Effect.gen(function*() {
      const text = "{ \"count\": 1, \"name\": \"x\" }"
      assert.deepStrictEqual(yield* direct(route)!(text), Bytes.json(200, "{}"))
      assert.deepStrictEqual(asked.splice(0), [[{ name: "x", count: 1 }, text]])
    }))

  const refused = [
    ["no JSON", "{", /valid JSON body/],
    ["an empty body", "", /./],
    ["another form, with every issue", "{\"count\": 1.5}", /name[^]*count|count[^]*name/]
  ] as const
  for (const [what, text, issue] of refused) {
    it.effect(`refuses ${what}`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(direct(route)!(text))
        assert.isTrue(HttpApiError.HttpApiSchemaError.is(error))
        assert.match((error as HttpApiError.HttpApiSchemaError).cause.message, issue)
        assert.strictEqual((error as HttpApiError.HttpApiSchemaError).kind, "Payload")
        assert.deepStrictEqual(asked, [])
      }))
  }

  it("leaves to the route what is more than a JSON payload, and handlers of another kind", () => {
    const params = { id: Schema.String }
    assert.isUndefined(direct(HttpApiEndpoint.post("ask", "/ask/:id", { params, payload: Question })))
    assert.isUndefined(direct(HttpApiEndpoint.post("ask", "/ask", { payload: [Question, Schema.Struct({})] })))
    assert.isUndefined(direct(HttpApiEndpoint.post("ask", "/ask")))
    assert.isUndefined(direct(route, () => Effect.void))
  })
})
