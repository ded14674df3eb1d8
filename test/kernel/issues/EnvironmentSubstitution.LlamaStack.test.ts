/**
 * The 25 cases that Llama Stack's own tests of the environment cover, in our words: what is the same here, and what
 * differs on purpose.
 */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import type { Schema } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import { substitute } from "../../../src/kernel/issues/EnvironmentSubstitution.ts"

const environment: Record<string, string> = {
  SET: "here",
  EMPTY: "",
  ZERO: "0",
  WANTED: "yes",
  AUTH: "true",
  ISSUER: "http://login:8080"
}

interface Case {
  readonly name: string
  readonly written: Schema.Json
  readonly expected: Schema.Json
  /** What it is there, and why not here. */
  readonly differs?: string
}

const text = "null there; a text stays text here, and the Schema of its field says what an empty one means"
const access = "authentication is off there; here it is never switched off by a variable that is missing"

const provider = (type: string) => ({ type, audience: "us", issuer: "${env.ISSUER}/realm", jwks: { uri: "x" } })
const resolved = (type: string) => ({ type, audience: "us", issuer: "http://login:8080/realm", jwks: { uri: "x" } })

const cases: ReadonlyArray<Case> = [
  { name: "a set variable", written: "${env.SET}", expected: "here" },
  { name: "the default of an unset one", written: "${env.NONE:=else}", expected: "else" },
  { name: "the default of a set one", written: "${env.SET:=else}", expected: "here" },
  { name: "the default of an empty one", written: "${env.EMPTY:=else}", expected: "else" },
  { name: "an empty default of an empty one", written: "${env.EMPTY:=}", expected: "", differs: text },
  { name: "an empty default of a set one", written: "${env.SET:=}", expected: "here" },
  { name: "an empty conditional of an unset one", written: "${env.NONE:+}", expected: "", differs: text },
  { name: "the conditional of a set one", written: "${env.SET:+then}", expected: "then" },
  { name: "the conditional of an unset one", written: "${env.NONE:+then}", expected: "", differs: text },
  { name: "the conditional of an empty one", written: "${env.EMPTY:+then}", expected: "", differs: text },
  { name: "the conditional of zero", written: "${env.ZERO:+then}", expected: "then" },
  {
    name: "both in one text",
    written: ["${env.SET:=else} and ${env.NONE:+then}", "${env.NONE:=else} and ${env.SET:+then}"],
    expected: ["here and ", "else and then"]
  },
  {
    name: "mappings and lists",
    written: { a: "${env.SET:=else}", b: ["${env.NONE:=else}", "${env.SET:+then}"], c: { d: "${env.NONE:+then}" } },
    expected: { a: "here", b: ["else", "then"], c: { d: "" } },
    differs: text
  },
  {
    name: "texts that look like numbers and flags",
    written: { port: "8080", on: "true", ratio: "3.14" },
    expected: { port: "8080", on: "true", ratio: "3.14" }
  },
  {
    name: "authentication whose type is not set",
    written: { auth: { provider: provider("${env.NONE:+oauth2}"), route_policy: [] } },
    expected: { auth: { provider: resolved(""), route_policy: [] } },
    differs: access
  },
  {
    name: "authentication whose type is set",
    written: { auth: { provider: provider("${env.AUTH:+oauth2}"), route_policy: [] } },
    expected: { auth: { provider: resolved("oauth2"), route_policy: [] } }
  },
  {
    name: "authentication whose type is empty",
    written: { auth: { provider: provider("${env.NONE:=}"), route_policy: [] } },
    expected: { auth: { provider: resolved(""), route_policy: [] } },
    differs: access
  },
  {
    name: "authentication whose type is written out",
    written: { auth: { provider: provider("oauth2") } },
    expected: { auth: { provider: resolved("oauth2") } }
  },
  {
    name: "authentication with variables deep within",
    written: { auth: { provider: { type: "${env.AUTH:+oauth2}", jwks: { uri: "${env.ISSUER}/certs" } } } },
    expected: { auth: { provider: { type: "oauth2", jwks: { uri: "http://login:8080/certs" } } } }
  }
]

interface ResourceCase {
  readonly name: string
  readonly ids: ReadonlyArray<string>
  readonly kept: ReadonlyArray<string>
}

/** Models stand for all kinds: Strata registers no others yet. */
const resources: ReadonlyArray<ResourceCase> = [
  { name: "a benchmark without an id", ids: ["${env.NONE:+a}", "always"], kept: ["always"] },
  { name: "a benchmark with one", ids: ["${env.WANTED:+a}", "always"], kept: ["a", "always"] },
  { name: "a model without an id", ids: ["${env.NONE:=}", "always"], kept: ["always"] },
  { name: "a shield without an id", ids: ["", "always"], kept: ["always"] },
  { name: "several, some without", ids: ["${env.WANTED:+a}", "${env.NONE:+b}", "${env.EMPTY:+c}"], kept: ["a"] }
]

describe("EnvironmentSubstitution beside Llama Stack's", () => {
  it("an unset variable is an error that names it", () => {
    const { issues } = substitute("${env.NONE}", (name) => environment[name])
    assert.deepStrictEqual(issues.map(({ message }) => message.split(":")[0]), [
      "environment variable NONE is not set or empty"
    ])
  })

  it.each(cases)("$name", ({ expected, written }) => {
    assert.deepStrictEqual(substitute(written, (name) => environment[name]), { tree: expected, issues: [] })
  })

  it.effect.each(resources)("of resources: $name", ({ ids, kept }) =>
    Effect.gen(function*() {
      const models = ids.map((model_id) => ({
        model_id,
        provider_id: "p",
        provider_model_id: model_id === "always" ? "m" : "${env.WANTED}"
      }))
      const { configuration } = yield* ConfigurationFile.parse(
        JSON.stringify({ registered_resources: { models } }),
        "strata.yaml"
      )
      assert.deepStrictEqual(configuration.registered_resources.models.map(({ model_id }) => model_id), kept)
    }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(environment)))))

  it("covers 25 cases, 7 of them otherwise on purpose", () => {
    assert.strictEqual(1 + cases.length + resources.length, 25)
    assert.strictEqual(cases.filter(({ differs }) => differs !== undefined).length, 7)
  })
})
