/** `strata serve` where it can't serve: one clear message with the remedy, exit code 1, no stack trace. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** What a server says that does not come up. */
const refusalOf = ({ code, stderr, stdout }: StrataProcess.Ended) => {
  assert.strictEqual(code, 1, stdout + stderr)
  assert.strictEqual(stdout, "")
  assert.notMatch(stderr, /^\s+at |Error:/m)
  return stderr
}

const refusal = (options: StrataProcess.ServeOptions) =>
  Effect.map(StrataProcess.run(StrataProcess.serveArguments({ configuration: "{}", ...options }), options), refusalOf)

const listening = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      resume(Effect.succeed({ port: (server.address() as AddressInfo).port, close: () => void server.close() }))
    })
  }),
  ({ close }) => Effect.sync(close)
)

const wrong = `
server: { port: 99999, hots: x }
recording: { level: everything }
providers:
  inference:
    - { provider_id: a, provider_type: "remote::openai", config: { base_url: "\${env.NOT_SET}" } }
    - { provider_type: "remote::openai" }
`

const unknown = `
providers:
  inference:
    - { provider_id: a, provider_type: "remote::openia" }
    - { provider_id: b, provider_type: "remote::openai", config: { base_ulr: x } }
`

describe("strata serve refuses", () => {
  it.live("a port that is taken", () =>
    Effect.gen(function*() {
      const { port } = yield* listening
      const message = yield* refusal({ folder: yield* TemporaryFolder.make, port })
      assert.strictEqual(
        message,
        `Port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another port: --port\n`
      )
    }))

  it.live("a configuration that can't be read", () =>
    Effect.gen(function*() {
      const ended = yield* StrataProcess.run(["serve", "--config", "nowhere.yaml"], {
        folder: yield* TemporaryFolder.make
      })
      assert.strictEqual(
        refusalOf(ended),
        "Cannot read the configuration nowhere.yaml: there is no such file. Check the path, or create the file.\n"
      )
    }))

  it.live("a configuration that is wrong, and names every place", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const message = yield* refusal({ folder, configuration: wrong })
      const [title, ...lines] = message.trimEnd().split("\n")
      assert.strictEqual(title, `The configuration ${join(folder, "strata.yaml")} has ${lines.length} problems:`)
      assert.deepStrictEqual(lines.map((line) => line.trim().split(": ")[0]).toSorted(), [
        "providers.inference[0].config.base_url",
        "providers.inference[1].provider_id",
        "recording.level",
        "server.hots",
        "server.port"
      ])
    }))

  it.live("providers it does not know and settings they do not have, and names every place", () =>
    Effect.gen(function*() {
      const message = yield* refusal({ folder: yield* TemporaryFolder.make, configuration: unknown })
      assert.match(message, /^ *providers\.inference\[0\]\.provider_type: .*Did you mean remote::openai\?/m)
      assert.match(message, /^ *providers\.inference\[1\]\.config\.base_ulr: .*did you mean base_url\?/m)
    }))

  it.live("to start without a provider that is required, and says which, why and what to do", () =>
    Effect.gen(function*() {
      const configuration = `{ providers: { inference: [
        { provider_id: r, provider_type: "inline::replay", required: true, config: { file: /nowhere.ndjson } }
      ] } }`
      const message = yield* refusal({ folder: yield* TemporaryFolder.make, configuration })
      assert.match(message, /^The provider inference\/r \(inline::replay\), providers\.inference\[0\], can't start: /)
      for (const part of ["/nowhere.ndjson", "take out its `required: true`"]) assert.include(message, part)
    }))

  it.live("a data folder that can't be written", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const data = join(folder, "file", "data")
      writeFileSync(join(folder, "file"), "")
      const message = yield* refusal({ folder, data })
      assert.include(message, `The data folder ${data} can't be written (ENOTDIR`)
      assert.include(message, "Make it writable, or name another: --data\n")
    }))

  it.live("a data folder that another server uses, which goes on undisturbed", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const first = yield* StrataProcess.serve({ folder, configuration: "{}" })
      assert.strictEqual(
        yield* refusal({ folder }),
        `Another Strata server uses the data folder ${first.data}. Stop it, or name another: --data\n`
      )
      assert.strictEqual((yield* first.kill("SIGTERM")).code, 0)
    }))

  it.live("a port that is none", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { code, stderr } = yield* StrataProcess.run(["serve"], { folder, environment: { STRATA_PORT: "70000" } })
      assert.strictEqual(code, 1)
      assert.include(stderr, "Expected a port from 0 to 65535, got 70000")
      assert.notMatch(stderr, /^\s+at /m)
    }))
})
