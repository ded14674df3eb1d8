/** What a module may export, and what a person reads when it is not right. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { apis } from "../../../src/apis/Apis.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { version } from "../../../src/kernel/http/Version.ts"
import * as ApiHandlers from "../../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import * as ModuleExports from "../../../src/kernel/modules/ModuleExports.ts"
import * as SessionEvents from "../../../src/kernel/sessions/SessionEvents.ts"
import { registry } from "../../../src/providers/Registry.ts"
import * as StackWorld from "../../support/StackWorld.ts"

const { provider } = StackWorld.make()
const poems = StackWorld.api("poems")
const poet = provider(poems, { type: "inline::poet" })

const Read = Event.define("poem:read", { durability: "observation", description: "Read.", payload: Schema.Struct({}) })

const api = (name: string, path: `/${string}` = "/poems", operation = "createPoem") => {
  const routes = HttpApiGroup.make(name).add(
    HttpApiEndpoint.get("create", path, { success: Schema.String }).annotateMerge(
      OpenApi.annotations({ identifier: operation })
    )
  )
  const handlers = ApiHandlers.make(
    routes,
    (handlers) => handlers.handle("create", () => Effect.succeed("roses are red"))
  )
  return ApiModule.make({ name, routes, live: () => Promise.resolve({ live: ApiModule.live({ handlers }) }) })
}

const check = (exports: Readonly<Record<string, unknown>>, others: ReadonlyArray<ApiModule.AnyApiModule> = []) =>
  ModuleExports.check(exports, registry, others, apis)

const refused: ReadonlyArray<{
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly others?: ReadonlyArray<ApiModule.AnyApiModule>
  readonly issues: ReadonlyArray<string>
}> = [
  {
    name: "nothing",
    exports: { default: {} },
    issues: ["it exports neither providers nor apis: export const providers = [...]"]
  },
  {
    name: "an API with a table of its own",
    exports: { apis: [{ ...api("poems"), projections: [{}] }] },
    issues: [
      "apis[0].projections is not right: expected none: the tables that are kept with the log are Strata's own; " +
      "use ApiModule.make"
    ]
  },
  {
    name: "one provider in place of a list",
    exports: { providers: poet },
    issues: ["the export providers is no list: export const providers = [...]"]
  },
  {
    name: "APIs that are no list",
    exports: { apis: "poems" },
    issues: ["the export apis is no list: export const apis = [...]"]
  },
  {
    name: "a provider that is none",
    exports: { providers: ["poet"] },
    issues: ["providers[0] is no object: make it with Provider.make"]
  },
  {
    name: "a provider without most of it",
    exports: { providers: [{ type: "poet", description: "A poet.", config: Schema.Struct({}) }] },
    issues: [
      "providers[0].api is missing: expected an API, with name, service, slot and contract; use Provider.make",
      "providers[0].type is not right: expected inline::name or remote::name; use Provider.make",
      "providers[0].displayName is missing: expected a text; use Provider.make",
      "providers[0].requires is missing: expected a list of APIs; use Provider.make",
      "providers[0].optional is missing: expected a list of APIs; use Provider.make",
      "providers[0].capabilities is missing: expected a list of texts; use Provider.make",
      "providers[0].layer is missing: expected a function; use Provider.make"
    ]
  },
  {
    name: "a configuration that is no Schema",
    exports: { providers: [{ ...poet, config: { type: "object" } }], apis: [api("poems")] },
    issues: ["providers[0].config is not right: expected a Schema; use Provider.make"]
  },
  {
    name: "a provider whose members that may be absent are of other kinds",
    exports: {
      providers: [{ ...poet, displayName: 5, deprecated: "junk", upstream: "poet", providerData: {} }],
      apis: [api("poems")]
    },
    issues: [
      "providers[0].displayName is not right: expected a text; use Provider.make",
      "providers[0].deprecated is not right: expected { warning: a text } or { error: a text }; use Provider.make",
      "providers[0].providerData is not right: expected a Schema; use Provider.make",
      "providers[0].upstream is not right: expected a function; use Provider.make"
    ]
  },
  ...[{}, { warning: 5 }, { error: "" }, { warning: undefined, error: "gone" }].map((deprecated) => ({
    name: `a provider deprecated by ${JSON.stringify(deprecated)}`,
    exports: { providers: [{ ...poet, deprecated }], apis: [api("poems")] },
    issues: [
      "providers[0].deprecated is not right: expected { warning: a text } or { error: a text }; use Provider.make"
    ]
  })),
  {
    name: "events that are Strata's, and what is no event",
    exports: { apis: [{ ...api("poems"), events: [SessionEvents.Started, Read, 5, { ...Read, version: 2 }] }] },
    issues: [
      "apis[0].events[0]: session:start is an event of Strata: choose another type",
      "apis[0].events[2]: expected an event, as Event.define makes it",
      "apis[0].events[3]: poem:read must be at version 1: contributed events have no upcasters"
    ]
  },
  {
    name: "an API without routes and handlers",
    exports: { apis: [{ name: "my poems" }] },
    issues: [
      "apis[0].name is not right: expected a name of letters, digits, dashes and underscores; use ApiModule.make",
      "apis[0].routes is missing: expected an HttpApiGroup; use ApiModule.make",
      "apis[0].live is missing: expected a function that imports the implementation; use ApiModule.make",
      "apis[0].events is missing: expected a list of event definitions; use ApiModule.make",
      "apis[0].resources is missing: expected a list of kinds of resources; use ApiModule.make",
      "apis[0].projections is missing: expected a list of projections; use ApiModule.make",
      "apis[0].dialects is missing: expected an object of dialects by operation id; use ApiModule.make"
    ]
  },
  {
    name: "an API whose contract is none",
    exports: { apis: [{ ...api("poems"), contract: "poems" }] },
    issues: ["apis[0].contract is not right: expected an API as providers implement it; use ApiModule.make"]
  },
  {
    name: "a type that Strata brings",
    exports: { providers: registry.slice(0, 1).map((each) => ({ ...each })) },
    issues: ["providers[0].type: remote::openai of inference exists already: choose another name"]
  },
  {
    name: "one type twice",
    exports: { providers: [poet, { ...poet }], apis: [api("poems")] },
    issues: ["providers[1].type: inline::poet of poems exists already: choose another name"]
  },
  {
    name: "an API of a known name that is another",
    exports: { providers: [{ ...poet, api: StackWorld.api("inference") }] },
    issues: ["providers[0].api is called inference, but is not Strata's: import that from \"strata/kernel/…\""]
  },
  {
    name: "a provider of an API that nothing serves",
    exports: { providers: [poet] },
    issues: ["providers[0].api: nothing serves the API poems: name the module that exports it, too"]
  },
  {
    name: "an API whose group has another name",
    exports: { apis: [{ ...api("poems"), name: "verses" }] },
    issues: ["apis[0].routes are called poems, and the API verses: name both the same"]
  },
  {
    name: "an API of Strata's name",
    exports: { apis: [api("sessions")] },
    issues: ["apis[0].name: there is an API sessions already: choose another name"]
  },
  {
    name: "an API of another module's name",
    exports: { apis: [api("poems")] },
    others: [api("poems", "/verses", "createVerse")],
    issues: ["apis[0].name: there is an API poems already: choose another name"]
  },
  {
    name: "a route that Strata has",
    exports: { apis: [api("poems", "/v1/models")] },
    issues: ["apis[0]: GET /v1/models is served by models already: choose another path"]
  },
  {
    name: "a route that another module has",
    exports: { apis: [api("verses")] },
    others: [api("poems", "/poems", "createVerse")],
    issues: ["apis[0]: GET /poems is served by poems already: choose another path"]
  },
  {
    name: "an operation that Strata has",
    exports: { apis: [api("poems", "/poems", "listModels")] },
    issues: ["apis[0]: the operation listModels exists in models already: give its endpoint another identifier"]
  },
  {
    name: "another version of Strata",
    exports: { strata: "^99.1", providers: [] },
    issues: [
      `it is made for Strata ^99.1, and this is ${version}: install the version of it that is made for this one`
    ]
  },
  {
    name: "a version that is none",
    exports: { strata: "soon", providers: [] },
    issues: [`it is made for Strata soon, and this is ${version}: install the version of it that is made for this one`]
  },
  {
    name: "a version that is a number",
    exports: { strata: 1, providers: [] },
    issues: ["the export strata is no text: name the versions, for example \"^0.1\""]
  }
]

describe("ModuleExports.check", () => {
  it.each(refused)("refuses $name", ({ exports, issues, others }) => {
    const found = check(exports, others)
    assert.deepStrictEqual(Result.isFailure(found) ? found.failure : [], issues)
  })

  it("takes provider types and APIs, for the versions they are made for", () => {
    const poem = api("poems")
    const found = check({ strata: `^${version}`, apis: [poem], providers: [poet] })
    assert.deepStrictEqual(found, Result.succeed({ apis: [poem], providers: [poet] }))
  })

  it("takes what is deprecated, and events of its own", () => {
    const poem = { ...api("poems"), events: [Read] }
    for (const deprecated of [{ warning: "use verses" }, { error: "use verses" }, undefined]) {
      assert.isTrue(Result.isSuccess(check({ apis: [poem], providers: [{ ...poet, deprecated }] })))
    }
  })

  it("takes a provider of an API that another module brings, and a new one of Strata's own", () => {
    assert.isTrue(Result.isSuccess(check({ providers: [poet] }, [api("poems")])))
    const [openAi] = registry
    assert.isTrue(Result.isSuccess(check({ providers: [{ ...openAi, type: "remote::mine" }] })))
  })

  it("takes one API that two modules export", () => {
    const poem = api("poems")
    assert.isTrue(Result.isSuccess(check({ apis: [poem] }, [poem])))
  })
})
