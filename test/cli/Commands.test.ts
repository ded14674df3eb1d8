/** What is loaded before a server answers: what most servers never ask for must wait until it is. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Commands from "../../src/cli/Commands.ts"
import * as LoadedModules from "../support/LoadedModules.ts"

const oneByOne = { environment: { STRATA_BUNDLE: "0" } }

describe("strata serve", () => {
  it.live("loads nothing that only some servers ask for before it answers", () =>
    Effect.gen(function*() {
      const loaded = yield* LoadedModules.byServer({ ...oneByOne, configuration: LoadedModules.openAi })
      assert.isAbove(loaded.files.length, 500)
      assert.deepStrictEqual(LoadedModules.early(loaded), [])
    }))

  it.live("reads no YAML where there is no configuration file", () =>
    Effect.gen(function*() {
      const { files } = yield* LoadedModules.byServer(oneByOne)
      assert.deepStrictEqual(files.filter((url) => url.includes("/node_modules/yaml/")), [])
    }))
})

describe("Commands", () => {
  const names = (...args: ReadonlyArray<string>) =>
    Effect.map(Commands.of(args), (commands) => commands.map(({ name }) => name))

  it.effect("loads the one that the arguments name", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* names("--log-level", "debug", "keys", "create", "--id", "serve"), ["keys"])
    }))

  it.effect("loads all for help, and for who mistypes", () =>
    Effect.gen(function*() {
      const all = yield* names("--help")
      assert.includeMembers(all, ["serve", "init", "config", "events", "sessions", "replay", "fork", "keys"])
      assert.deepStrictEqual(yield* names("serv"), all)
    }))
})
