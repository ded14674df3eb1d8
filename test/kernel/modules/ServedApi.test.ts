/** The API of one server: a part of Strata's, and what comes from outside. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { apis } from "../../../src/apis/Apis.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import * as ModuleSet from "../../../src/kernel/modules/ModuleSet.ts"
import * as ServedApi from "../../../src/kernel/modules/ServedApi.ts"

const poems = ApiModule.make({
  name: "poems",
  routes: HttpApiGroup.make("poems").add(
    HttpApiEndpoint.post("createPoem", "/v1/poems", { payload: Schema.Struct({ about: Schema.String }) })
  ),
  live: () => Promise.reject(new Error("it is not started"))
})
const withPoems = ModuleSet.withExternal(apis, [poems])

const groupsOf = ({ operations }: ServedApi.Served) => [...new Set(operations.map(({ group }) => group))].sort()
const pathsOf = ({ api }: ServedApi.Served) => Object.keys(OpenApi.fromApi(api).paths)

describe("ServedApi.make", () => {
  it.each([
    { wanted: undefined, groups: apis.own.map(({ name }) => name).sort() },
    { wanted: [], groups: ["inspect", "providers"] },
    { wanted: ["inference"], groups: ["inference", "inspect", "models", "providers"] },
    { wanted: ["models"], groups: ["inspect", "models", "providers"] },
    { wanted: ["events", "sessions"], groups: ["events", "inspect", "providers", "sessions"] }
  ])("serves of $wanted: $groups", ({ groups, wanted }) => {
    assert.deepStrictEqual(groupsOf(ServedApi.make(apis, wanted)), groups)
  })

  it("documents what it serves, and no more", () => {
    const paths = pathsOf(ServedApi.make(apis, ["inference"]))
    assert.include(paths, "/v1/chat/completions")
    assert.notInclude(paths, "/v1/events")
  })

  it("adds an API from outside, whose errors are in the dialect of all", () => {
    const served = ServedApi.make(withPoems)
    const created = served.operations.find(({ id }) => id === "createPoem")
    const version = apis.operations.find(({ id }) => id === "version")
    assert.deepStrictEqual(created?.errorStatuses, version?.errorStatuses)
    assert.strictEqual(served.operations.length, apis.operations.length + 1)
    assert.include(pathsOf(served), "/v1/poems")
    assert.notInclude(groupsOf(ServedApi.make(withPoems, ["events"])), "poems")
    assert.deepStrictEqual(groupsOf(ServedApi.make(withPoems, ["poems"])), ["inspect", "poems", "providers"])
  })

  it("documents how to authenticate where it is demanded, whatever is served", () => {
    const schemes = (...options: Parameters<typeof ServedApi.make>) =>
      Object.keys(OpenApi.fromApi(ServedApi.make(...options).api).components.securitySchemes)
    assert.deepStrictEqual(schemes(apis), [])
    for (const [set, wanted] of [[apis, undefined], [apis, ["events"]], [withPoems, undefined]] as const) {
      assert.deepStrictEqual(schemes(set, wanted, { authenticated: true }), ["bearer", "api_key"])
    }
  })

  it("knows whose providers an API is made of", () => {
    const names = ["models", "inference", "poems"].map((name) => ServedApi.providedBy(withPoems, name))
    assert.deepStrictEqual(names, ["inference", "inference", "poems"])
  })
})
