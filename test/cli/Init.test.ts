/** `strata init`: a file that is in order, asked for or taken by default, with no secret in it. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Effect } from "effect"
import { Command } from "effect/cli"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { init } from "../../src/cli/Init.ts"
import { configFields } from "../../src/kernel/provider/FieldPrompt.ts"
import { registry } from "../../src/providers/Registry.ts"
import { Config } from "../../src/providers/remote/openai/OpenAi.ts"
import * as FakeTerminal from "../support/FakeTerminal.ts"
import { answer, down, enter, space } from "../support/FakeTerminal.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import * as JsonSchema from "../support/JsonSchema.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const entriesOf = (folder: string) => parse(readFileSync(join(folder, "strata.yaml"), "utf8")).providers.inference

describe("strata init without questions", () => {
  it.live("writes what starts as soon as the key is set, its Schema, and what to set", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { code, stderr, stdout } = yield* StrataProcess.run(["init"], { folder })
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.strictEqual(
        stdout,
        "There is no terminal to ask in: the defaults are taken.\n" +
          "Wrote strata.yaml, and strata.schema.json for editors.\n" +
          "Set OPENAI_API_KEY before you start the server.\n" +
          "Check it: strata config check strata.yaml\n" +
          "Start it: strata serve --config strata.yaml\n"
      )
      const text = readFileSync(join(folder, "strata.yaml"), "utf8")
      assert.match(text, /^# yaml-language-server: \$schema=\.\/strata\.schema\.json\n/)
      const schema = JSON.parse(readFileSync(join(folder, "strata.schema.json"), "utf8"))
      assert.deepStrictEqual(JsonSchema.checker(schema)("", parse(text)), [])
      assert.deepStrictEqual(entriesOf(folder), [{
        provider_id: "${env.OPENAI_API_KEY:+openai}",
        provider_type: "remote::openai",
        config: { api_key: "${env.OPENAI_API_KEY:=}" }
      }])
      const environment = { OPENAI_API_KEY: "sk-secret" }
      for (const more of [{}, { environment }]) {
        assert.strictEqual((yield* StrataProcess.run(["config", "check"], { folder, ...more })).code, 0)
      }
    }))

  it.live("says of a key that is set that it is, and keeps it out of the file", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const environment = { OPENAI_API_KEY: "sk-secret" }
      const { stdout } = yield* StrataProcess.run(["init", "--yes", "--output", "strata.yaml"], { folder, environment })
      assert.match(stdout, /^As asked: the defaults are taken\.\n[^]*OPENAI_API_KEY is set: it is taken from the env/)
      assert.notInclude(readFileSync(join(folder, "strata.yaml"), "utf8") + stdout, "sk-secret")
    }))

  it.live("replaces a file only when told to", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      writeFileSync(join(folder, "strata.yaml"), "data: mine\n")
      const refused = yield* StrataProcess.run(["init"], { folder })
      assert.deepStrictEqual([refused.code, refused.stdout], [1, ""])
      assert.strictEqual(
        refused.stderr,
        "strata.yaml is there already: name another with --output, or add --force.\n"
      )
      assert.strictEqual(readFileSync(join(folder, "strata.yaml"), "utf8"), "data: mine\n")
      assert.strictEqual((yield* StrataProcess.run(["init", "--force"], { folder })).code, 0)
      assert.strictEqual(entriesOf(folder).length, 1)
    }))

  it.live("replaces a JSON Schema only when told to", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      writeFileSync(join(folder, "strata.schema.json"), "mine")
      const refused = yield* StrataProcess.run(["init"], { folder })
      assert.strictEqual(
        refused.stderr,
        "strata.schema.json is there already: name another with --output, or add --force.\n"
      )
      assert.strictEqual(readFileSync(join(folder, "strata.schema.json"), "utf8"), "mine")
      assert.isFalse(existsSync(join(folder, "strata.yaml")))
      assert.strictEqual((yield* StrataProcess.run(["init", "--force"], { folder })).code, 0)
      assert.notStrictEqual(readFileSync(join(folder, "strata.schema.json"), "utf8"), "mine")
    }))

  it.live("says where it can't write", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      mkdirSync(join(folder, "there"))
      const missing = yield* StrataProcess.run(["init", "--output", "no/where.yaml"], { folder })
      assert.strictEqual(missing.code, 1)
      assert.strictEqual(
        missing.stderr,
        "no/where.yaml can't be written: there is no folder no: make it first, or name another file with --output.\n"
      )
      const taken = yield* StrataProcess.run(["init", "--force", "--output", "there"], { folder })
      assert.strictEqual(taken.stderr, "there can't be written: it is a folder: name another file with --output.\n")
    }))
})

/** Runs the command in a terminal where these keys are pressed. */
const typed = Effect.fnUntraced(function*(file: string, keys: ReadonlyArray<FakeTerminal.Key>) {
  const shown = { text: "" }
  const output: Console.Console = Object.assign(Object.create(globalThis.console), {
    log: (text: string) => void (shown.text += `${text}\n`),
    error: (text: string) => void (shown.text += `${text}\n`)
  })
  const code = yield* Command.runWith(init, { version: "0" })(["--output", file]).pipe(
    Effect.provide(FakeTerminal.layer(keys, (text) => {
      shown.text += `${text}\n`
    })),
    Effect.provide([NodeServices.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env: {} }))]),
    Effect.provideService(Console.Console, output),
    Effect.match({ onSuccess: () => 0, onFailure: () => 1 })
  )
  return { code, shown: shown.text }
})

/** From the top: select all, select inverse, then the list. */
const downTo = (type: string) =>
  Array.from({ length: 2 + registry.findIndex((each) => each.type === type) }, () => down)

/** The fields of `remote::openai` that are asked for besides its address, key and models. */
const asTheyAre = configFields({ config: Config }).filter(({ default: usual, field_type, id }) =>
  !["base_url", "models"].includes(id) && !["secret", "mapping"].includes(field_type) &&
  (!["number", "boolean"].includes(field_type) || usual !== null)
).map(() => enter)

const named = ["small", "large", "embedding"]

/** A vendor that knows one key, and how it is asked for. */
const beforeVendor = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const vendor = yield* FakeUpstream.make({ models: named, apiKey: "sk-right" })
  const toKey = [
    ...downTo("remote::openai"),
    space,
    enter,
    ...answer("mine"),
    ...answer(vendor.url),
    ...answer("MY_KEY"),
    ...asTheyAre,
    enter
  ]
  return { folder, toKey, file: join(folder, "strata.yaml"), vendor }
})

describe("strata init in a terminal", () => {
  it.live("tries the key, lists the vendor's models, and writes those that are chosen and no key", () =>
    Effect.gen(function*() {
      const { file, folder, toKey } = yield* beforeVendor
      const choose = [down, down, down, space, enter]
      const { code, shown } = yield* typed(file, [...toKey, ..."sk-right", enter, ...choose])
      assert.strictEqual(code, 0, shown)
      assert.include(shown, "works: 3 models.")
      assert.deepStrictEqual(entriesOf(folder)[0].config.models, ["large"])
      assert.notInclude(readFileSync(file, "utf8") + shown, "sk-right")
    }))

  it.live("says why a key does not work, and goes on", () =>
    Effect.gen(function*() {
      const { file, folder, toKey, vendor } = yield* beforeVendor
      const { code, shown } = yield* typed(file, [...toKey, ..."sk-wrong", enter, ...answer("small")])
      assert.strictEqual(code, 0, shown)
      assert.include(shown, "does not work like this:")
      assert.include(shown, "Incorrect API key")
      assert.notInclude(shown, "sk-wrong")
      assert.isAbove(vendor.received.length, 0)
      assert.deepStrictEqual(entriesOf(folder)[0].config.models, ["small"])
    }))

  it.live("tries nothing where no key is given", () =>
    Effect.gen(function*() {
      const { file, folder, toKey, vendor } = yield* beforeVendor
      const { code, shown } = yield* typed(file, [...toKey, enter, ...answer("")])
      assert.strictEqual(code, 0, shown)
      assert.lengthOf(vendor.received, 0)
      assert.notProperty(entriesOf(folder)[0].config, "models")
    }))

  it.live("asks for providers and their fields, and writes what differs from the defaults", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { code, shown } = yield* typed(join(folder, "strata.yaml"), [
        ...downTo("remote::openai"),
        space,
        enter,
        ...answer("groq"),
        ...answer("http://127.0.0.1:9/v1"),
        ...answer("GROQ_KEY"),
        ...asTheyAre,
        "n",
        ...answer("fast, slow")
      ])
      assert.strictEqual(code, 0, shown)
      assert.deepStrictEqual(entriesOf(folder), [{
        provider_id: "groq",
        provider_type: "remote::openai",
        config: { base_url: "http://127.0.0.1:9/v1", api_key: "${env.GROQ_KEY:=}", models: ["fast", "slow"] }
      }])
      assert.include(shown, "Set GROQ_KEY before you start the server.")
      const checked = yield* StrataProcess.run(["config", "check"], { folder })
      assert.match(checked.stdout, /Providers +groq \(remote::openai\)/)
    }))

  it.live("writes nothing that a server would refuse, and says why", () =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "strata.yaml")
      const { code, shown } = yield* typed(file, [
        ...downTo("inline::replay"),
        space,
        enter,
        enter,
        ...answer("some-session"),
        ...answer("some-file.ndjson"),
        enter
      ])
      assert.strictEqual(code, 1, shown)
      assert.include(
        shown,
        "Nothing was written: a server would not start with this:\n" +
          "  providers.inference[0].config.file: there is a session too"
      )
      assert.isFalse(existsSync(file))
      assert.isFalse(existsSync(file.replace(".yaml", ".schema.json")))
    }))

  it.live("asks for no mode of replay that needs an upstream, which it can't ask for", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { code, shown } = yield* typed(join(folder, "strata.yaml"), [
        ...downTo("inline::replay"),
        space,
        enter,
        ...answer("recorded"),
        enter,
        enter,
        ...answer("50")
      ])
      assert.strictEqual(code, 0, shown)
      assert.notInclude(shown, "Who answers")
      assert.deepStrictEqual(entriesOf(folder), [{
        provider_id: "recorded",
        provider_type: "inline::replay",
        config: { max_recordings: 50 }
      }])
      assert.strictEqual((yield* StrataProcess.run(["config", "check"], { folder })).code, 0)
    }))

  it.live("writes nothing when the terminal is gone before all is answered", () =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "strata.yaml")
      const { code, shown } = yield* typed(file, [down, space])
      assert.strictEqual(code, 1)
      assert.include(shown, "Nothing was written.")
      assert.isFalse(existsSync(file))
    }))
})
