/** What the compiler says of a provider or stack that is put together wrongly: it names what is wrong. */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../", import.meta.url))

const prelude = `
import { Context, Effect, Layer, Schema } from "effect"
import * as Provider from "${root}src/kernel/provider/Provider.ts"
import * as Stack from "${root}src/kernel/stack/Stack.ts"
interface Voice { readonly pitch: number; say(text: string): Effect.Effect<string> }
class Speech extends Context.Service<Speech, string>()("Speech") {}
class SpeechSlot extends Context.Service<SpeechSlot, Voice>()("SpeechSlot") {}
class Hearing extends Context.Service<Hearing, string>()("Hearing") {}
class HearingSlot extends Context.Service<HearingSlot, number>()("HearingSlot") {}
const speech: Provider.ProviderApi<"speech", Speech, SpeechSlot, Voice> = {
  name: "speech", service: Speech, slot: SpeechSlot, contract: { pitch: "number", say: "function" }
}
const hearing: Provider.ProviderApi<"hearing", Hearing, HearingSlot, number> = {
  name: "hearing", service: Hearing, slot: HearingSlot, contract: "number"
}
const voice: Voice = { pitch: 1, say: (text) => Effect.succeed(text) }
const Config = Schema.Struct({ speed: Schema.Finite })
const common = { api: speech, type: "inline::speech", description: "", config: Config, requires: [] } as const
const speechRouter: Stack.Router<typeof speech, never, never, never> = {
  api: speech, layer: () => Layer.succeed(Speech, "")
}
const asking = () => Layer.effect(SpeechSlot, Effect.as(Hearing, voice))
const talker = Provider.make({ ...common, requires: [hearing], layer: asking })
const given = { provider_id: "a", config: { speed: 1 } }
`

const cases = [
  {
    name: "nothing where nothing is wrong",
    code: `export const stack = () => Effect.runPromise(Effect.scoped(Layer.build(Layer.provide(
      Stack.api(speechRouter, [Provider.configured(talker, given)]), Layer.succeed(Hearing, "well")))))`,
    says: []
  },
  {
    name: "a layer that fills the slot of another API",
    code: `export const made = Provider.make({ ...common, layer: () => Layer.succeed(HearingSlot, 1) })`,
    says: ["HearingSlot", "SpeechSlot"]
  },
  {
    name: "a service without a member of its contract",
    code: `export const made = Provider.make({ ...common, layer: () => Layer.succeed(SpeechSlot, { pitch: 1 }) })`,
    says: ["'say' is missing", "Voice"]
  },
  {
    name: "a service with a member of another kind",
    code: `export const made = Provider.make({
      ...common, layer: () => Layer.succeed(SpeechSlot, { ...voice, say: (text: number) => Effect.succeed("" + text) })
    })`,
    says: ["(text: number)", "(text: string)"]
  },
  {
    name: "a layer that reads another configuration",
    code: `export const made = Provider.make({
      ...common, layer: (config: { readonly volume: number }) => Layer.succeed(SpeechSlot, { ...voice, pitch: config.volume })
    })`,
    says: ["'volume' is missing", "speed: number"]
  },
  {
    name: "an instance configured wrongly by hand",
    code: `export const made = Provider.configured(talker, { provider_id: "a", config: { speed: "fast" } })`,
    says: ["'string' is not assignable to type 'number'"]
  },
  {
    name: "a stack by hand without an API it needs",
    code: `export const stack = () => Effect.runPromise(Effect.scoped(Layer.build(
      Stack.api(speechRouter, [Provider.configured(talker, given)]))))`,
    says: ["Hearing"]
  },
  {
    name: "a provider that uses an API it did not declare, in a stack by hand",
    code: `export const stack = () => Effect.runPromise(Effect.scoped(Layer.build(Stack.api(speechRouter, [
      Provider.configured(Provider.make({
        ...common, layer: () => Layer.effect(SpeechSlot, Effect.as(Provider.optional(Hearing), voice))
      }), given)]))))`,
    says: ["Optional<Hearing>"]
  },
  {
    name: "an instance of another API given to a router",
    code: `export const stack = Stack.api(speechRouter, [Provider.configured(Provider.make({
      ...common, api: hearing, layer: () => Layer.succeed(HearingSlot, 1)
    }), given)])`,
    says: ["hearing", "speech"]
  }
]

const fileOf = (index: number) => `case-${index}.ts`

describe("the compiler", () => {
  let output: ReadonlyArray<string> = []

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "strata-types-"))
    try {
      for (const [index, { code }] of cases.entries()) {
        writeFileSync(join(folder, fileOf(index)), `${prelude}\n${code}\n`)
      }
      writeFileSync(join(folder, "package.json"), "{ \"type\": \"module\" }")
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: join(root, "tsconfig.json"),
          compilerOptions: {
            plugins: [],
            noUnusedLocals: false,
            rewriteRelativeImportExtensions: false,
            allowImportingTsExtensions: true,
            typeRoots: [join(root, "node_modules/@types")],
            paths: { effect: [join(root, "node_modules/effect/dist/index.d.ts")] }
          },
          include: ["*.ts"]
        })
      )
      const tsc = join(root, "node_modules/typescript/bin/tsc")
      const { stderr, stdout } = spawnSync(process.execPath, [tsc, "--project", folder, "--pretty", "false"], {
        encoding: "utf8"
      })
      assert.strictEqual(stderr, "")
      // A message and the indented lines below it.
      output = stdout.split(/\n(?=\S)/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each(cases.map((each, index) => ({ ...each, index })))("names the culprit of $name", ({ index, says }) => {
    const found = output.filter((message) => message.includes(fileOf(index)))
    assert.strictEqual(found.length, says.length === 0 ? 0 : 1, output.join("\n"))
    for (const text of says) assert.include(found[0], text)
  })
})
