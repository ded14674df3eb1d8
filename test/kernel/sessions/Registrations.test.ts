/** What a file says it ran against is decoded as what it is said to be. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import * as Registrations from "../../../src/kernel/sessions/Registrations.ts"

const model = { model_id: "p/m", provider_model_id: "m", provider_id: "p", source: "api", created: 0, owned_by: "x" }

const rows = [
  { name: "a model", type: "model:registered", payload: model, path: undefined },
  { name: "a model that goes", type: "model:unregistered", payload: { model_id: "p/m" }, path: undefined },
  {
    name: "a resource of an API from outside",
    type: "shield:registered",
    payload: { shield_id: "s" },
    path: undefined
  },
  { name: "a model without its provider", type: "model:registered", payload: { model_id: "p/m" }, path: "payload" },
  { name: "a provider that is a text", type: "provider:registered", payload: "p", path: "payload" },
  { name: "a resource that is a text", type: "shield:registered", payload: "s", path: "payload" },
  { name: "what registers nothing", type: "session:end", payload: {}, path: "type" }
]

describe("Registrations", () => {
  it.each(rows)("knows $name", ({ path, payload, type }) => {
    const found = Registrations.checker(apis.kinds)({ after_event_id: null, type, payload })
    assert.strictEqual(found?.path.split(".")[0], path)
  })
})
