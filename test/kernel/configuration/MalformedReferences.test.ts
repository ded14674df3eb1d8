/** What looks like a reference to the environment and is none: it is told, with the form that was meant. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"
import { malformed } from "../../../src/kernel/configuration/MalformedReferences.ts"

const lookup = (name: string) => name === "SET" ? "here" : undefined
const messagesOf = (text: string) => malformed({ text }, lookup).map(({ message }) => message)

const bad: ReadonlyArray<{ readonly text: string; readonly shown: string; readonly meant: string }> = [
  { text: "${env.openai_api_key}", shown: "${env.openai_api_key}", meant: "${env.OPENAI_API_KEY}" },
  { text: "${env.Key:=x}", shown: "${env.Key:=…", meant: "${env.KEY:=default}" },
  { text: "${env.key:+x}", shown: "${env.key:+…", meant: "${env.KEY:+value}" },
  { text: "${env.FOO:-sk-secret}", shown: "${env.FOO:-…", meant: "${env.FOO:=default}" },
  { text: "${env.FOO-sk-secret}", shown: "${env.FOO-…", meant: "${env.FOO:=default}" },
  { text: "${env.FOO:?say it}", shown: "${env.FOO:?…", meant: "${env.FOO:=default}" },
  { text: "${ENV.FOO}", shown: "${ENV.FOO}", meant: "${env.FOO}" },
  { text: "${env:FOO}", shown: "${env:FOO}", meant: "${env.FOO}" },
  { text: "${ env.FOO }", shown: "${ env.FOO }", meant: "${env.FOO}" },
  { text: "${env.}", shown: "${env.}", meant: "${env.NAME}" },
  { text: "${env}", shown: "${env}", meant: "${env.NAME}" },
  { text: "https://${env.SET}/${env.low}", shown: "${env.low}", meant: "${env.LOW}" },
  { text: "${env.SET:=${env.low}}", shown: "${env.low}", meant: "${env.LOW}" }
]

const good = [
  "plain",
  "${HOST} $env.HOST",
  "${env.UNSET}",
  "${env.UNSET:=}",
  "${env.UNSET:={}",
  "${env.UNSET:={\"a\":{}}}!",
  "${env.A:=${env.B:+c}} ${env.D}"
]

describe("MalformedReferences", () => {
  it.each(bad)("tells of $text", ({ meant, shown, text }) => {
    assert.deepStrictEqual(messagesOf(text), [
      `${shown} names no environment variable: write ${meant}; names are of capital letters, digits and underscores`
    ])
  })

  it.each([
    { text: "x ${env.FOO", shown: "${env.FOO…", meant: "${env.FOO}" },
    { text: "${env.FOO:=y", shown: "${env.FOO:=…", meant: "${env.FOO:=default}" },
    { text: "${env.A:=${env.B}", shown: "${env.B…", meant: "${env.B}" }
  ])("tells of $text that it is not closed", ({ meant, shown, text }) => {
    assert.deepStrictEqual(messagesOf(text), [
      `${shown} names no environment variable: it has no closing }: write ${meant}; names are of capital letters, ` +
      "digits and underscores"
    ])
  })

  it.each(good)("is content with %s", (text) => {
    assert.deepStrictEqual(messagesOf(text), [])
  })

  it("tells all of a tree with their paths, and nothing of what is switched off but its id", () => {
    const off = { provider_type: "${env.b}", module: "${env.c}", config: { api_key: "${env.d}" } }
    const issues = malformed({
      data: "${env.a} ${ENV.B}",
      providers: {
        inference: [{ provider_id: "${env.UNSET:+a}", ...off }, { provider_id: "${env.low:+a}", config: off.config }]
      }
    }, lookup)
    assert.deepStrictEqual(issues.map(({ path }) => path), [
      "data",
      "data",
      "providers.inference[1].provider_id",
      "providers.inference[1].config.api_key"
    ])
  })

  it.effect("is told of a file, once for each text, and not of what a variable holds", () =>
    Effect.gen(function*() {
      const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({ DATA: "${env.low}" }))
      const parse = (text: string) => ConfigurationFile.parse(text, "strata.yaml").pipe(Effect.provide(environment))
      assert.strictEqual((yield* parse("data: \"${env.DATA}\"")).configuration.data, "${env.low}")
      const { issues } = yield* Effect.flip(parse("server: { port: \"${env.PORT:-8321}\" }"))
      assert.deepStrictEqual(issues.map(({ path }) => path), ["server.port"])
    }))
})
