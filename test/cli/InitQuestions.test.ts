/** What `strata init` asks of a provider type's fields, and what becomes of the answers. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Schema } from "effect"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { questions } from "../../src/cli/InitQuestions.ts"
import * as FieldPrompt from "../../src/kernel/provider/FieldPrompt.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { providerInfo } from "../../src/kernel/provider/ProviderInfo.ts"
import * as FakeTerminal from "../support/FakeTerminal.ts"
import { answer, down, enter, space } from "../support/FakeTerminal.ts"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value as never)))

const Config = Schema.Struct({
  region: withDefault(Schema.Literals(["north", "south"]), "south"),
  site: Schema.optionalKey(Schema.NonEmptyString).pipe(FieldPrompt.annotate({ showWhen: { region: "north" } })),
  token: Schema.RedactedFromValue(Schema.NonEmptyString).pipe(FieldPrompt.annotate({ env: "VENDOR_TOKEN" })),
  password: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  name: Schema.NonEmptyString,
  verify: withDefault(Schema.Boolean, true),
  retries: withDefault(Schema.Int, 2),
  tags: Schema.optionalKey(Schema.Array(Schema.String)),
  headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  deployment: Schema.optionalKey(Schema.String).pipe(FieldPrompt.annotate({ requiresModel: true })),
  mode: Schema.optionalKey(Schema.Literals(["a", "b", "c"])),
  nested: Schema.optionalKey(Schema.Struct({})).pipe(FieldPrompt.annotate({ showWhen: { mode: ["b"], way: ["y"] } })),
  way: withDefault(Schema.Literals(["x", "y"]), "x")
})

const type = (name: `remote::${string}`) =>
  providerInfo(Provider.make({
    api: InferenceApi,
    type: name,
    description: "A vendor.",
    config: Config,
    requires: [],
    layer: () => {
      throw new Error("nothing starts here")
    }
  }))

const ask = (keys: ReadonlyArray<FakeTerminal.Key>) =>
  questions([type("remote::vendor"), type("remote::other")]).pipe(
    Effect.provide(FakeTerminal.layer(keys)),
    Effect.provide([NodeServices.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env: {} }))])
  )

/** The list begins with: all, the others. */
const [first, all] = [[down, down, space, enter], [space, enter]]

describe("the questions of strata init", () => {
  it.live("ask each field in its way, and leave out what is by default", () =>
    Effect.gen(function*() {
      const [chosen] = yield* ask([
        ...first,
        enter,
        enter,
        enter,
        ...answer("VENDOR_PASSWORD"),
        ...answer("mine"),
        enter,
        enter,
        enter,
        enter,
        enter
      ])
      assert.deepStrictEqual(chosen, {
        api: "inference",
        provider_id: "vendor",
        provider_type: "remote::vendor",
        config: { token: "${env.VENDOR_TOKEN:=}", password: "${env.VENDOR_PASSWORD:=}", name: "mine" },
        variables: ["VENDOR_TOKEN", "VENDOR_PASSWORD"]
      })
    }))

  it.live("ask on where an answer asks for it, and what needs a model last", () =>
    Effect.gen(function*() {
      const [chosen] = yield* ask([
        ...first,
        ...answer("north-vendor"),
        down,
        enter,
        ...answer("harbour"),
        enter,
        enter,
        ...answer("mine"),
        "n",
        ...answer("5"),
        ...answer("x, y"),
        down,
        enter,
        ...answer("prod")
      ])
      assert.deepStrictEqual(chosen?.config, {
        region: "north",
        site: "harbour",
        token: "${env.VENDOR_TOKEN:=}",
        password: "${env.NORTH_VENDOR_PASSWORD:=}",
        name: "mine",
        verify: false,
        retries: 5,
        tags: ["x", "y"],
        mode: "a",
        deployment: "prod"
      })
    }))

  it.live("do not offer what calls for a mapping, which is for the file itself", () =>
    Effect.gen(function*() {
      const toMode = [...first, enter, enter, enter, enter, ...answer("mine"), enter, enter, enter]
      const [chosen] = yield* ask([...toMode, down, down, enter, enter])
      assert.strictEqual(chosen?.config["mode"], "c")
      assert.notProperty(chosen?.config, "way")
    }))

  it.live("insist on what can't be left out, on a name of its own, and on a variable that is one", () =>
    Effect.gen(function*() {
      const rest = [enter, ...answer("mine"), enter, enter, enter, enter, enter]
      const chosen = yield* ask([
        ...all,
        enter,
        enter,
        ...answer("my token"),
        ...answer("TOKEN"),
        enter,
        enter,
        ...rest.slice(1),
        ...answer("vendor"),
        ...answer("second"),
        enter,
        enter,
        ...rest
      ])
      assert.deepStrictEqual(chosen.map(({ provider_id }) => provider_id), ["vendor", "second"])
      assert.strictEqual(chosen[0]?.config["token"], "${env.TOKEN:=}")
      assert.strictEqual(chosen[0]?.config["name"], "mine")
    }))
})
