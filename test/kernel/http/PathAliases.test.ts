/** Operations by another path: found, described and rewritten as those they are aliases of. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { apis } from "../../../src/apis/Apis.ts"
import { operationsOf } from "../../../src/kernel/http/Operations.ts"
import { aliased, aliasesOf, PathAliases, rewriter } from "../../../src/kernel/http/PathAliases.ts"
import * as StrataApi from "../../../src/kernel/http/StrataApi.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const group = HttpApiGroup.make("poems")
  .add(
    HttpApiEndpoint.get("listPoems", "/v1/poems").annotate(OpenApi.Identifier, "listPoems"),
    HttpApiEndpoint.get("retrievePoem", "/v1/poems/:poem_id", { params: { poem_id: Schema.String } }).annotate(
      OpenApi.Identifier,
      "retrievePoem"
    ),
    HttpApiEndpoint.get("listPoemsters", "/v1/poemsters").annotate(OpenApi.Identifier, "listPoemsters")
  )
  .annotate(PathAliases, [{ from: "/v0.5/verses", to: "/v1/poems", suffix: "Early" }])

const api = StrataApi.make([group as never])

describe("PathAliases", () => {
  it("given an alias of a group, then each operation below its place has an id and a path besides", () => {
    assert.deepStrictEqual(
      aliased(operationsOf(api as never), aliasesOf(api)).map(({ id, path }) => [id, path]),
      [["listPoemsEarly", "/v0.5/verses"], ["retrievePoemEarly", "/v0.5/verses/:poem_id"]]
    )
    const { paths } = OpenApi.fromApi(api)
    assert.sameMembers(Object.keys(paths), [
      "/v1/poems",
      "/v1/poems/{poem_id}",
      "/v1/poemsters",
      "/v0.5/verses",
      "/v0.5/verses/{poem_id}"
    ])
    assert.strictEqual(paths["/v0.5/verses/{poem_id}"]?.get?.operationId, "retrievePoemEarly")
  })

  it.each([
    ["/v0.5/verses", "/v1/poems"],
    ["/v0.5/verses?limit=1", "/v1/poems?limit=1"],
    ["/v0.5/verses/a%2Fb/c", "/v1/poems/a%2Fb/c"],
    ["/v0.5/versesters", "/v0.5/versesters"],
    ["/v0x5/verses", "/v0x5/verses"],
    ["/v1/x/v0.5/verses", "/v1/x/v0.5/verses"]
  ])("given the URL %s, then the router is given %s", (url, expected) => {
    assert.strictEqual(rewriter(aliasesOf(api))(url), expected)
  })

  it.live("given a request by such a path, then it is answered and recorded as the operation it is", () =>
    Effect.gen(function*() {
      const { url } = yield* Strata.make()
      for (const path of ["health", "version", "providers", "inspect/routes"]) {
        const [alias, own] = [yield* Http.send(url, `/v1alpha/admin/${path}`), yield* Http.send(url, `/v1/${path}`)]
        assert.strictEqual(alias.status, own.status, alias.text)
        if (path !== "providers") assert.deepStrictEqual(alias.json, own.json)
      }
      const refused = yield* Http.send(url, "/v1alpha/admin/health", { method: "POST" })
      assert.strictEqual(refused.status, 405, refused.text)
    }))

  it("given Strata's own aliases, then none has the id or the path of another operation", () => {
    const api = StrataApi.make(apis.own.map(({ routes }) => routes as never))
    const operations = operationsOf(api as never)
    const all = [...operations, ...aliased(operations, aliasesOf(api))]
    assert.isAbove(all.length, operations.length)
    assert.strictEqual(new Set(all.map(({ id }) => id)).size, all.length)
    assert.strictEqual(new Set(all.map(({ method, path }) => `${method} ${path}`)).size, all.length)
  })
})
