/** Which paths an API from outside may have beside Strata's own, as the router tells them apart. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import type { Operation } from "../../../src/kernel/http/Operations.ts"
import * as RouteClashes from "../../../src/kernel/modules/RouteClashes.ts"

const [first] = apis.operations

const operation = (path: string, more: Partial<Operation> = {}): Operation => ({
  ...first!,
  id: path,
  method: "GET",
  path,
  group: "poems",
  slashesInLastParameter: false,
  ...more
})

const taken = [operation("/v1/poems/:id", { method: "POST" }), operation("/v1/verses/:id?")]

const refused: ReadonlyArray<readonly [path: string, says: string, more: Partial<Operation>]> = [
  ["/v1/models", "is served by models already: choose another path", {}],
  ["/v1//Models/", "is served by models already, as /v1/models: choose another path", {}],
  ["/v1/models/:other", "is served by models already, as /v1/models/:model_id: choose another path", {}],
  ["/v1/models/:id(^(a|b)$)", "is served by models already, as /v1/models/:model_id: choose another path", {}],
  ["/v1/models/:id?", "is served by models already, as /v1/models: choose another path", {}],
  ["/v1/verses", "is served by poems already, as /v1/verses/:id?: choose another path", {}],
  ["/v1/*", "has a wildcard, and would take what others serve: write out its paths", {}],
  ["/docs", "is where Strata has its documents: choose another path", {}],
  ["/docs", "is where Strata has its documents: choose another path", { method: "POST" }],
  ["/openapi.json", "is where Strata has its documents: choose another path", {}],
  ["/", "is where Strata has its documents: choose another path", {}],
  ["/:page?", "is where Strata has its documents: choose another path", {}],
  [
    "/v1/models/:id/poems",
    "can't be told from /v1/models/:model_id of models, for a last parameter may hold slashes: choose another path",
    {}
  ],
  [
    "/v1/:anything",
    "can't be told from /v1/chat/completions of inference, for a last parameter may hold slashes: choose another path",
    { slashesInLastParameter: true }
  ]
]

const free: ReadonlyArray<readonly [path: string, more: Partial<Operation>]> = [
  ["/v1/poems/:id", {}],
  ["/v1/poems/:id", { slashesInLastParameter: true }],
  ["/v1/poems", { method: "POST" }],
  ["/v1/models/:id", { method: "PUT" }],
  ["/v1/models::all", {}],
  ["/v1/:anything", {}]
]

describe("RouteClashes.issues", () => {
  it.each(refused)("of %s: it %s", (path, says, more) => {
    const route = operation(path, more)
    assert.deepStrictEqual(RouteClashes.issues([route], [...apis.operations, ...taken]), [
      `${route.method} ${path} ${says}`
    ])
  })

  it.each(free)("finds nothing wrong with %s", (path, more) => {
    assert.deepStrictEqual(RouteClashes.issues([operation(path, more)], [...apis.operations, ...taken]), [])
  })

  it("holds the routes of one API against each other", () => {
    assert.deepStrictEqual(RouteClashes.issues([operation("/a/:one"), operation("/a/:two")], []), [
      "GET /a/:two is served by poems already, as /a/:one: choose another path"
    ])
  })
})
