/** `strata keys create`: a key that is shown once, and an entry that a server accepts it by. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { parse } from "yaml"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const create = (folder: string, ...args: ReadonlyArray<string>) =>
  StrataProcess.run(["keys", "create", ...args], { folder })

const keyIn = (text: string) => /sk-strata-[0-9a-f]{64}/.exec(text)?.[0] ?? ""

const entryIn = (text: string) => text.slice(text.indexOf("- type:") - 2)

describe("strata keys create", () => {
  it.live("makes a key that a server knows by its entry", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const args = ["--id", "laptop", "--principal", "alice", "--attribute", "roles=admin", "--attribute", "teams=a,b"]
      const made = yield* create(folder, ...args)
      assert.strictEqual(made.code, 0, made.stderr)
      const [key, entry] = [keyIn(made.stdout), entryIn(made.stdout)]
      assert.strictEqual(made.stdout.split(key).length, 2)
      assert.deepStrictEqual(parse(entry), [{
        type: "api_keys",
        keys: [{
          id: "laptop",
          sha256: createHash("sha256").update(key).digest("hex"),
          principal: "alice",
          attributes: { roles: ["admin"], teams: ["a", "b"] }
        }]
      }])

      const configuration = `server:\n  auth:\n    providers:\n${entry.replaceAll(/^/gm, "    ")}\n`
      const server = yield* StrataProcess.serve({ folder, configuration })
      assert.include(server.output.stdout, "Access      by api_keys")
      const status = (headers: Readonly<Record<string, string>>) =>
        Effect.map(Http.send(server.url, "/v1/models", { headers }), ({ status }) => status)
      assert.strictEqual(yield* status({ authorization: `Bearer ${key}` }), 200)
      assert.strictEqual(yield* status({}), 401)

      for (
        const command of [["sessions", "list"], ["providers", "list"], [
          "events",
          "tail",
          "--no-follow",
          "--stream",
          "session-a"
        ]]
      ) {
        const run = (environment: Readonly<Record<string, string>>) =>
          StrataProcess.run([...command, "--url", server.url], { folder, environment })
        const refused = yield* run({})
        assert.strictEqual(refused.code, 1, command.join(" "))
        assert.include(refused.stderr, "Nothing says who asks: send your key as")
        const wrong = yield* run({ STRATA_API_KEY: `${key}x` })
        assert.include(wrong.stderr, "The key is not known here.")
        assert.notInclude(wrong.stderr, key)
        if (command[0] !== "events") {
          assert.strictEqual((yield* run({ STRATA_API_KEY: key })).code, 0, command.join(" "))
        }
      }
    }).pipe(Effect.scoped))

  it.live("makes another one each time, with a name alone", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const [one, other] = [yield* create(folder, "--id", "a"), yield* create(folder, "--id", "a")]
      assert.notStrictEqual(keyIn(one.stdout), keyIn(other.stdout))
      assert.deepStrictEqual(Object.keys(parse(entryIn(one.stdout))[0].keys[0]), ["id", "sha256"])
    }).pipe(Effect.scoped))

  it.live("says what an attribute looks like", () =>
    Effect.gen(function*() {
      const refused = yield* create(yield* TemporaryFolder.make, "--id", "a", "--attribute", "admin")
      assert.strictEqual(refused.code, 1)
      assert.strictEqual(
        refused.stderr,
        "--attribute admin is not understood. Write a name, = and the values: roles=admin or teams=red,blue\n"
      )
      assert.strictEqual(keyIn(refused.stdout), "")
    }).pipe(Effect.scoped))
})
