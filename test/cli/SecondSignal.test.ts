/** How `strata serve` and a verification end when a provider does not: in bounded time, at a second signal at once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { fileURLToPath } from "node:url"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const module = fileURLToPath(new URL("../support/HangingProviders.ts", import.meta.url))

const serve = Effect.fnUntraced(function*(type: string, releaseTimeout: number) {
  const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, {}) })
  const configuration = `providers:
  inference:
    - { provider_id: p, provider_type: "inline::${type}", module: "${module}", config: { upstream: "${upstream.url}" } }
supervision: { release_timeout_ms: ${releaseTimeout} }
server: { shutdown_timeout_ms: 100 }
`
  const folder = yield* TemporaryFolder.make
  return { ...(yield* StrataProcess.serve({ folder, configuration })), folder }
})

/** Longer than what is passed on counts as the same signal. */
const later = Effect.sleep("600 millis")

describe("strata with a provider that never ends", () => {
  for (const type of ["hangs", "deaf"]) {
    it.live(`ends in bounded time where a finalizer is ${type}, the server and a verification, and names it`, () =>
      Effect.gen(function*() {
        const { data, folder, kill, url } = yield* serve(type, 500)
        assert.strictEqual((yield* Chat.ask(url, { model: "p/m", session: "s" })).status, 200)
        const served = yield* kill("SIGTERM")
        assert.strictEqual(served.code, 0)
        assert.match(served.stdout, /WARN .*The provider inference\/p is left behind: it did not end within 500ms\./)

        const place = ["--config", `${folder}/strata.yaml`, "--data", data]
        const verified = yield* StrataProcess.run(["replay", "s", "--verify", ...place], { folder })
        assert.deepStrictEqual([verified.code, verified.stdout], [0, "Session s: identical (1 request run again).\n"])
        assert.match(verified.stderr, /WARN .*The provider inference\/p is left behind/)
      }))
  }

  it.live("ends in bounded time where a call can't be interrupted, and says so", () =>
    Effect.gen(function*() {
      const { kill, output, url } = yield* serve("silent", 500)
      const asked = yield* Effect.forkChild(Effect.exit(Chat.ask(url, { model: "p/m" })))
      yield* later
      assert.include(output.stderr, "it is asked")
      const { code, stdout } = yield* kill("SIGTERM")
      assert.strictEqual(code, 0)
      assert.match(stdout, /WARN .*Requests are left behind: they did not end within 600ms\./)
      yield* Fiber.join(asked)
    }))

  it.live("ends at once at a second signal while a provider is released", () =>
    Effect.gen(function*() {
      const server = yield* serve("deaf", 60_000)
      const first = yield* Effect.forkChild(server.kill("SIGTERM"))
      yield* later
      assert.include(server.output.stderr, "it is asked to end")
      assert.strictEqual((yield* server.kill("SIGTERM")).code, 143)
      yield* Fiber.join(first)
    }))

  it.live("ends at once at a second signal while requests come to their end", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.silent })
      const configuration = Chat.configuration(upstream, "server: { shutdown_timeout_ms: 60000 }\n")
      const server = yield* StrataProcess.serve({ folder: yield* TemporaryFolder.make, configuration })
      const asked = yield* Effect.forkChild(Effect.exit(Chat.ask(server.url)))
      yield* upstream.awaitReceived(1)
      const first = yield* Effect.forkChild(server.kill("SIGINT"))
      yield* later
      assert.strictEqual((yield* server.kill("SIGINT")).code, 130)
      yield* Fiber.joinAll([first, asked])
    }))
})
