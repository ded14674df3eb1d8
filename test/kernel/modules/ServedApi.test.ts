/** The API of one server: a part of Strata's, and what comes from outside. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import type { HttpApi } from "effect/http-api"
import { operations } from "../../../src/kernel/http/Operations.ts"
import * as ServedApi from "../../../src/kernel/modules/ServedApi.ts"

const poems = HttpApiGroup.make("poems").add(
  HttpApiEndpoint.post("createPoem", "/v1/poems", { payload: Schema.Struct({ about: Schema.String }) })
) as unknown as HttpApiGroup.Top

const groupsOf = ({ operations }: ServedApi.Served) => [...new Set(operations.map(({ group }) => group))].sort()
const pathsOf = ({ api }: ServedApi.Served) => Object.keys(OpenApi.fromApi(api as HttpApi.Top).paths)

describe("ServedApi.make", () => {
  it.each([
    { wanted: undefined, groups: [...ServedApi.names].sort() },
    { wanted: [], groups: ["inspect", "providers"] },
    { wanted: ["inference"], groups: ["inference", "inspect", "models", "providers"] },
    { wanted: ["models"], groups: ["inspect", "models", "providers"] },
    { wanted: ["events", "sessions"], groups: ["events", "inspect", "providers", "sessions"] }
  ])("serves of $wanted: $groups", ({ groups, wanted }) => {
    assert.deepStrictEqual(groupsOf(ServedApi.make({ wanted })), groups)
  })

  it("documents what it serves, and no more", () => {
    const paths = pathsOf(ServedApi.make({ wanted: ["inference"] }))
    assert.include(paths, "/v1/chat/completions")
    assert.notInclude(paths, "/v1/events")
  })

  it("adds an API from outside, whose errors are in the dialect of all", () => {
    const served = ServedApi.make({ groups: [poems] })
    assert.deepStrictEqual(served.external.map(({ id }) => id), ["createPoem"])
    const version = operations.find(({ id }) => id === "version")
    assert.deepStrictEqual(served.external[0]?.errorStatuses, version?.errorStatuses)
    assert.strictEqual(served.operations.length, operations.length + 1)
    assert.include(pathsOf(served), "/v1/poems")
    assert.deepStrictEqual(ServedApi.make({ groups: [poems], wanted: ["events"] }).external, [])
    assert.deepStrictEqual(groupsOf(ServedApi.make({ groups: [poems], wanted: ["poems"] })), [
      "inspect",
      "poems",
      "providers"
    ])
  })

  it("documents how to authenticate where it is demanded, whatever is served", () => {
    const schemes = (options: Parameters<typeof ServedApi.make>[0]) =>
      Object.keys(OpenApi.fromApi(ServedApi.make(options).api as HttpApi.Top).components.securitySchemes)
    assert.deepStrictEqual(schemes({}), [])
    for (const more of [{}, { wanted: ["events"] }, { groups: [poems] }]) {
      assert.deepStrictEqual(schemes({ ...more, authenticated: true }), ["bearer", "api_key"])
    }
  })

  it("knows whose providers an API is made of", () => {
    assert.deepStrictEqual(["models", "inference", "poems"].map(ServedApi.providedBy), [
      "inference",
      "inference",
      "poems"
    ])
  })
})
