/** What each form of `${env.…}` becomes, and which issues a tree gives. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { namesIn, substitute } from "../../../src/kernel/issues/EnvironmentSubstitution.ts"

const environment: Record<string, string | undefined> = {
  HOME: "/home/ada",
  HOST: "example.org",
  PORT: "8321",
  FLAG: "true",
  ZERO: "0",
  NOTHING: "",
  SPACED: " padded ",
  TRICK: "${env.HOST}",
  TILDE: "~/keys"
}
const lookup = (name: string) => environment[name]

const texts: ReadonlyArray<{ readonly name: string; readonly text: string; readonly expected: string }> = [
  { name: "no substitution", text: "plain", expected: "plain" },
  { name: "a set variable", text: "${env.HOST}", expected: "example.org" },
  { name: "within a text", text: "https://${env.HOST}/v1", expected: "https://example.org/v1" },
  { name: "several in one text", text: "${env.HOST}:${env.PORT}", expected: "example.org:8321" },
  { name: "a number stays text", text: "${env.PORT}", expected: "8321" },
  { name: "a boolean stays text", text: "${env.FLAG}", expected: "true" },
  { name: "zero counts as set", text: "${env.ZERO:=9}", expected: "0" },
  { name: "spaces are kept", text: "${env.SPACED}", expected: " padded " },
  { name: "default of an unset variable", text: "${env.UNSET:=fallback}", expected: "fallback" },
  { name: "default of an empty variable", text: "${env.NOTHING:=fallback}", expected: "fallback" },
  { name: "default is ignored when set", text: "${env.HOST:=fallback}", expected: "example.org" },
  { name: "an empty default", text: "${env.UNSET:=}", expected: "" },
  {
    name: "a default with colons",
    text: "${env.UNSET:=http://localhost:11434/v1}",
    expected: "http://localhost:11434/v1"
  },
  { name: "a default with balanced braces", text: "${env.UNSET:={\"a\":{}}}!", expected: "{\"a\":{}}!" },
  { name: "a default with an unbalanced brace", text: "${env.UNSET:={}", expected: "{" },
  { name: "a default that names another variable", text: "${env.UNSET:=${env.HOST:=x}}", expected: "example.org" },
  { name: "an unused default is not expanded", text: "${env.HOST:=${env.UNSET}}", expected: "example.org" },
  { name: "conditional of a set variable", text: "${env.HOST:+openai}", expected: "openai" },
  { name: "conditional of an unset variable", text: "${env.UNSET:+openai}", expected: "" },
  { name: "conditional of an empty variable", text: "${env.NOTHING:+openai}", expected: "" },
  { name: "an empty conditional", text: "${env.HOST:+}", expected: "" },
  { name: "an unused conditional is not expanded", text: "${env.UNSET:+${env.ALSO_UNSET}}", expected: "" },
  { name: "conditional within a text", text: "a${env.UNSET:+b}c", expected: "ac" },
  { name: "an environment value is not expanded again", text: "${env.TRICK}", expected: "${env.HOST}" },
  { name: "home folder in a value", text: "${env.TILDE}", expected: "/home/ada/keys" },
  { name: "home folder in a default", text: "${env.UNSET:=~/.strata}", expected: "/home/ada/.strata" },
  { name: "home folder alone", text: "${env.UNSET:=~}", expected: "/home/ada" },
  { name: "a tilde elsewhere", text: "${env.UNSET:=a~/b}", expected: "a~/b" },
  {
    name: "a text that only looks alike",
    text: "${HOST} ${env.lower} ${env.HOST",
    expected: "${HOST} ${env.lower} ${env.HOST"
  },
  { name: "a default that never ends", text: "x ${env.UNSET:=y", expected: "x ${env.UNSET:=y" }
]

interface TreeCase {
  readonly name: string
  readonly tree: Schema.Json
  readonly expected: Schema.Json
  readonly issues: ReadonlyArray<string>
}
const trees: ReadonlyArray<TreeCase> = [
  {
    name: "every string of a tree, and nothing else",
    tree: { a: ["${env.HOST}", 1, null, true, { b: "${env.PORT}" }], "${env.HOST}": 2 },
    expected: { a: ["example.org", 1, null, true, { b: "8321" }], "${env.HOST}": 2 },
    issues: []
  },
  {
    name: "an unset variable names the path",
    tree: { providers: { inference: [{ provider_id: "openai", config: { api_key: "${env.UNSET}" } }] } },
    expected: { providers: { inference: [{ provider_id: "openai", config: { api_key: "${env.UNSET}" } }] } },
    issues: [
      "providers.inference[0].config.api_key: environment variable UNSET is not set or empty: " +
      "set it, or write ${env.UNSET:=default} to go without"
    ]
  },
  {
    name: "an empty variable counts as unset, and a key with a space is quoted",
    tree: { "my key": "${env.NOTHING}" },
    expected: { "my key": "${env.NOTHING}" },
    issues: [
      "[\"my key\"]: environment variable NOTHING is not set or empty: " +
      "set it, or write ${env.NOTHING:=default} to go without"
    ]
  },
  {
    name: "all issues of a tree are gathered",
    tree: { a: "${env.ONE} ${env.TWO}", b: [{ c: "${env.THREE:=${env.FOUR}}" }] },
    expected: { a: "${env.ONE} ${env.TWO}", b: [{ c: "${env.THREE:=${env.FOUR}}" }] },
    issues: [
      "a: environment variable ONE is not set or empty: set it, or write ${env.ONE:=default} to go without",
      "a: environment variable TWO is not set or empty: set it, or write ${env.TWO:=default} to go without",
      "b[0].c: environment variable FOUR is not set or empty: set it, or write ${env.FOUR:=default} to go without"
    ]
  },
  {
    name: "the config of a disabled entry is left alone, its other fields are not",
    tree: [{ provider_id: "__disabled__", provider_type: "remote::${env.HOST}", config: { api_key: "${env.UNSET}" } }],
    expected: [{
      provider_id: "__disabled__",
      provider_type: "remote::example.org",
      config: { api_key: "${env.UNSET}" }
    }],
    issues: []
  },
  {
    name: "a disabled entry demands no variable",
    tree: [{
      provider_id: "__disabled__",
      provider_type: "remote::${env.UNSET}",
      module: "${env.UNSET}",
      required: "${env.UNSET}"
    }],
    expected: [{ provider_id: "__disabled__", provider_type: "remote::${env.UNSET}", module: "${env.UNSET}" }],
    issues: []
  },
  {
    name: "a resource of a disabled provider, or without an id, demands no variable",
    tree: [
      { model_id: "a", provider_id: "${env.UNSET:+b}", provider_model_id: "${env.UNSET}", model_type: "${env.UNSET}" },
      { model_id: "b", provider_id: "__disabled__", provider_model_id: "${env.HOST}" },
      { model_id: "${env.UNSET:=}", provider_id: "${env.UNSET}", metadata: { team: "${env.UNSET}" } }
    ],
    expected: [
      { model_id: "a", provider_id: "", provider_model_id: "${env.UNSET}" },
      { model_id: "b", provider_id: "__disabled__", provider_model_id: "example.org" },
      { model_id: "", provider_id: "${env.UNSET}", metadata: { team: "${env.UNSET}" } }
    ],
    issues: []
  },
  {
    name: "an entry disabled by a variable's default",
    tree: [{ provider_id: "${env.UNSET:=__disabled__}", config: "${env.UNSET}" }],
    expected: [{ provider_id: "__disabled__", config: "${env.UNSET}" }],
    issues: []
  },
  {
    name: "an entry whose id resolves empty",
    tree: [{ provider_id: "${env.UNSET:+openai}", config: { api_key: "${env.UNSET}" } }, {
      provider_id: null,
      config: "${env.UNSET}"
    }],
    expected: [{ provider_id: "", config: { api_key: "${env.UNSET}" } }, { provider_id: null, config: "${env.UNSET}" }],
    issues: []
  },
  {
    name: "an entry whose id cannot be resolved is checked whole",
    tree: [{ provider_id: "${env.ONE}", config: "${env.TWO}" }],
    expected: [{ provider_id: "${env.ONE}", config: "${env.TWO}" }],
    issues: [
      "[0].provider_id: environment variable ONE is not set or empty: set it, or write ${env.ONE:=default} to go without",
      "[0].config: environment variable TWO is not set or empty: set it, or write ${env.TWO:=default} to go without"
    ]
  }
]

describe("EnvironmentSubstitution", () => {
  it.each(texts)("text: $name", ({ expected, text }) => {
    assert.deepStrictEqual(substitute({ text }, lookup), { tree: { text: expected }, issues: [] })
  })

  it.each(trees)("tree: $name", ({ expected, issues, tree }) => {
    const result = substitute(tree, lookup)
    assert.deepStrictEqual(result.tree, expected)
    assert.deepStrictEqual(result.issues.map(({ message, path }) => `${path}: ${message}`), issues)
  })

  it("leaves the home sign when there is no home folder", () => {
    assert.deepStrictEqual(substitute("${env.UNSET:=~/x}", () => undefined).tree, "~/x")
  })

  it("lists the names of a text once each, inner ones too", () => {
    assert.deepStrictEqual(namesIn("${env.A:=${env.B}} ${env.A} ${env.lower}"), ["A", "B"])
  })
})
