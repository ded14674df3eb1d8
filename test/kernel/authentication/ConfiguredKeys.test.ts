/** Keys are configured as texts, in files, or by commands. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as ConfiguredKeys from "../../../src/kernel/authentication/ConfiguredKeys.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const decode = (api_keys: unknown) =>
  Schema.decodeUnknownEffect(Schema.Struct({ api_keys: ConfiguredKeys.field }))({ api_keys })

const read = (api_keys: unknown) =>
  Effect.gen(function*() {
    const configured = yield* Effect.orDie(decode(api_keys))
    const sources = configured.api_keys!.map(ConfiguredKeys.sourceOf)
    return yield* Effect.forEach(sources, ({ name, read }) => Effect.map(read, (key) => [name, Redacted.value(key)]))
  })

describe("a list of keys", () => {
  it.live("has texts, files and commands, named by themselves or by their place", () =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "key")
      writeFileSync(file, "from-a-file\n")
      assert.deepStrictEqual(
        yield* read(["plain", { name: "named", key: "itself" }, { file }, { command: "printf ' from-a-command '" }]),
        [["#1", "plain"], ["named", "itself"], ["#3", "from-a-file"], ["#4", "from-a-command"]]
      )
    }).pipe(Effect.scoped))

  it.live.each([
    { keys: [{ file: "/nowhere/key" }], message: "/nowhere/key" },
    { keys: [{ command: "echo secret-of-mine; exit 3" }], message: "the command of the key #1 failed" },
    { keys: [{ command: "true" }], message: "#1 is empty" }
  ])("that can't be read says what is wrong and shows no key: $message", ({ keys, message }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(read(keys))
      assert.include(error.message, message)
      assert.notInclude(error.message, "secret-of-mine")
    }))

  it.effect.each([{ keys: [] }, { keys: [{}] }, { keys: [{ key: "a", file: "b" }] }, { keys: [""] }, { keys: "sk-1" }])(
    "is not $keys",
    ({ keys }) => Effect.map(Effect.exit(decode(keys)), (exit) => assert.strictEqual(exit._tag, "Failure"))
  )
})
