/** The JSON Schema says of files what `strata config check` does, as far as an editor can. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate } from "effect"
import type { Schema } from "effect"
import { globSync, readFileSync } from "node:fs"
import { parse } from "yaml"
import * as ConfigurationJsonSchema from "../../../src/kernel/configuration/ConfigurationJsonSchema.ts"
import { registry } from "../../../src/providers/Registry.ts"
import * as JsonSchema from "../../support/JsonSchema.ts"

const document = ConfigurationJsonSchema.make(registry)
const check = JsonSchema.checker(document)
const wrong = (yaml: string) => check("", parse(yaml))

const entry = (text: string) => `providers: { inference: [{ provider_id: a, ${text} }] }`
const openai = "provider_type: \"remote::openai\""

const good = [
  { name: "nothing", text: "{}" },
  { name: "a port as text", text: "server: { port: \"8080\" }" },
  { name: "a port from the environment", text: "server: { port: \"${env.PORT:=8321}\" }" },
  { name: "a level from the environment", text: "recording: { level: \"${env.LEVEL:=raw}\" }" },
  { name: "a provider", text: entry(`${openai}, config: { base_url: "http://x/v1", models: [m] }`) },
  {
    name: "a provider's numbers, lists and addresses from the environment",
    text: entry(`${openai}, config: { base_url: "\${env.URL}/v1", models: "\${env.MODELS}", timeout_ms: "\${env.MS}" }`)
  },
  { name: "a provider without config", text: entry(openai) },
  { name: "a provider with its flags", text: entry(`${openai}, config: { debug: true, raw_debug: "\${env.RAW:=}" }`) },
  {
    name: "a disabled provider, whatever it says",
    text: `providers: { inference: [{ provider_id: __disabled__, ${openai}, config: { x: 1 } }] }`
  },
  {
    name: "disabled providers of unknown types",
    text:
      "providers: { inference: [{ provider_id: ~, provider_type: x }, { provider_id: __disabled__, provider_type: y }] }"
  },
  { name: "a type of a module", text: entry("provider_type: \"inline::echo\", module: ./Echo.ts, config: { x: 1 }") },
  { name: "a type of modules named apart", text: `modules: [./Echo.ts]\n${entry("provider_type: \"inline::echo\"")}` },
  { name: "an API of a module", text: "providers: { weather: [{ provider_id: a, provider_type: \"inline::b\" }] }" },
  { name: "PostgreSQL", text: "storage: { type: postgres, url: \"${env.DATABASE_URL}\", pool_size: 3 }" },
  {
    name: "resources",
    text: "registered_resources: { models: [{ model_id: ~, provider_id: a, provider_model_id: b }] }"
  },
  {
    name: "a model with its type and metadata",
    text: `registered_resources:
  models: [{ model_id: a, provider_id: b, provider_model_id: c, model_type: rerank, metadata: { a: [1] } }]`
  }
]

const bad = [
  { name: "a list", text: "[]" },
  { name: "an unknown key", text: "sever: {}" },
  { name: "an unknown key within", text: "server: { prot: 1 }" },
  { name: "a port too high", text: "server: { port: 65536 }" },
  { name: "a port that is a word", text: "server: { port: http }" },
  { name: "a level that is none", text: "recording: { level: verbose }" },
  { name: "another version", text: "version: 2" },
  { name: "PostgreSQL without a URL", text: "storage: { type: postgres }" },
  { name: "an entry without a type", text: entry("config: {}") },
  { name: "an unknown type", text: entry("provider_type: \"remote::openia\"") },
  { name: "an unknown setting of a type", text: entry(`${openai}, config: { base_ulr: x }`) },
  { name: "a setting of the wrong kind", text: entry(`${openai}, config: { models: 3 }`) },
  { name: "an address that is none", text: entry(`${openai}, config: { base_url: banana }`) },
  { name: "a setting of a choice", text: entry("provider_type: \"inline::replay\", config: { mode: rewind }") },
  { name: "a flag that is none", text: entry(`${openai}, config: { debug: perhaps }`) },
  {
    name: "a model of no known type",
    text: "registered_resources: { models: [{ model_id: a, provider_id: b, provider_model_id: c, model_type: chat }] }"
  },
  { name: "a level of the log that is none", text: "logging: { level: loud }" }
]

/** Every property of every mapping that has no description, by its path. */
const undescribed = (schema: Schema.Json, path = ""): ReadonlyArray<string> => {
  if (Array.isArray(schema)) return schema.flatMap((each, index) => undescribed(each, `${path}/${index}`))
  if (!Predicate.isObject(schema)) return []
  return Object.entries(schema).flatMap(([key, value]): ReadonlyArray<string> => {
    const here = `${path}/${key}`
    if (key === "if" || key === "then" || key === "else" || key === "default") return []
    if (key !== "properties" || !Predicate.isObject(value)) return undescribed(value as Schema.Json, here)
    return Object.entries(value).flatMap(([name, property]) => [
      ...Predicate.isObject(property) && ("description" in property || "$ref" in property) ? [] : [`${here}/${name}`],
      ...undescribed(property as Schema.Json, `${here}/${name}`)
    ])
  })
}

describe("ConfigurationJsonSchema", () => {
  it("is JSON Schema 2020-12", () => {
    assert.deepStrictEqual(JsonSchema.schemaErrors(document), [])
  })

  it.each(good)("accepts $name", ({ text }) => {
    assert.deepStrictEqual(wrong(text), [])
  })

  it.each(bad)("refuses $name", ({ text }) => {
    assert.isAbove(wrong(text).length, 0)
  })

  it("describes every field", () => {
    assert.deepStrictEqual(undescribed(document).filter((path) => !path.endsWith("/upstream/properties/config")), [])
  })

  const documents = ["README.md", ...globSync("docs/*.md")].flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => text)
  )
  const whole = documents.filter((text) => /^\w/.test(text))

  it.each(whole)("accepts what the documents show: %s", (text) => {
    assert.deepStrictEqual(wrong(text), [])
  })

  it("finds configurations in the documents, and in the examples", () => {
    assert.isAbove(whole.length, 5)
    const examples = globSync("examples/*/strata.yaml")
    assert.isAbove(examples.length, 1)
    for (const each of examples) assert.deepStrictEqual(wrong(readFileSync(each, "utf8")), [])
  })
})
