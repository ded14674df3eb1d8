/** `strata replay --verify` on providers that reach something around the recording client: what it says, exit codes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Scope } from "effect"
import { execPath } from "node:process"
import { fileURLToPath } from "node:url"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const module = fileURLToPath(new URL("../support/AroundProviders.ts", import.meta.url))

const names = ["behaves", "fetch", "https", "undici", "socket", "process", "depends"]

interface Recorded {
  /** `127.0.0.1:<port>` of what is not the vendor. */
  readonly host: string
  readonly replay: (...args: ReadonlyArray<string>) => Effect.Effect<StrataProcess.Ended>
}

/** A log with a session for each provider, made by `strata serve`; then the vendor is gone, and elsewhere is still there. */
const recorded: Effect.Effect<Recorded, never, Scope.Scope> = Effect.gen(function*() {
  const vendor = yield* FakeUpstream.make({ respond: Chat.answering(["Blue", "whale"]) })
  let asked = 0
  const elsewhere = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { asked: ++asked }) })
  const { host } = new URL(elsewhere.url)
  const entries = names.map((name) =>
    `    - { provider_id: ${name}, provider_type: "remote::${name}", module: "${module}", ` +
    `config: { base_url: "${vendor.url}", elsewhere: "${elsewhere.url}" } }\n`
  )
  const folder = yield* TemporaryFolder.make
  const configuration = `providers:\n  inference:\n${entries.join("")}`
  const server = yield* StrataProcess.serve({ folder, configuration })
  for (const name of names) {
    const { status, text } = yield* Chat.ask(server.url, { model: `${name}/m`, session: name })
    assert.deepStrictEqual([name, status], [name, 200], text)
  }
  yield* Http.send(server.url, "/v1/sessions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "empty" })
  })
  yield* server.kill("SIGTERM")
  yield* vendor.close
  const place = ["--config", `${folder}/strata.yaml`, "--data", server.data]
  return { host, replay: (...args) => StrataProcess.run(["replay", ...args, ...place], { folder }) }
})

const verified = ({ replay }: Recorded, session: string) =>
  Effect.map(replay(session, "--verify", "--json"), ({ code, stderr, stdout }) => {
    assert.strictEqual(stderr, "")
    const { around_the_client, reason, status } = JSON.parse(stdout)
    return { code, status, reason, around_the_client }
  })

describe("strata replay --verify, with providers that reach something around the client", () => {
  it.live("names each with its peer, and says by its exit code what came of it", () =>
    Effect.gen(function*() {
      const log = yield* recorded
      const { host, replay } = log
      const around = (provider: string, ...peers: ReadonlyArray<readonly [via: string, peer: string]>) => ({
        code: 4,
        status: "around_the_client",
        reason: null,
        around_the_client: peers.map(([via, peer]) => ({ provider, peer, via }))
      })

      assert.deepStrictEqual(yield* verified(log, "behaves"), {
        code: 0,
        status: "identical",
        reason: null,
        around_the_client: []
      })
      assert.deepStrictEqual(yield* verified(log, "fetch"), around("fetch", ["fetch", `http://${host}`]))
      assert.deepStrictEqual(
        yield* verified(log, "https"),
        around("https", ["http", `http://${host}`], ["http", `https://${host}`])
      )
      assert.deepStrictEqual(yield* verified(log, "undici"), around("undici", ["undici", `http://${host}`]))
      assert.deepStrictEqual(yield* verified(log, "socket"), around("socket", ["socket", host]))
      assert.deepStrictEqual(
        yield* verified(log, "process"),
        around("process", ["process", `${execPath} -e 0 ${host}`])
      )
      assert.deepStrictEqual(yield* verified(log, "depends"), {
        code: 1,
        status: "diverged",
        reason: null,
        around_the_client: [{ provider: "depends", peer: `http://${host}`, via: "fetch" }]
      })

      assert.deepStrictEqual(yield* verified(log, "empty"), {
        code: 3,
        status: "not_verifiable",
        reason: "the session has no requests",
        around_the_client: []
      })

      const text = yield* replay("socket", "--verify")
      assert.deepStrictEqual([text.code, text.stdout], [
        4,
        "Session socket: reached something around the client (1 request run again).\n" +
        `  around the client: socket reached ${host} via socket\n`
      ])

      const all = yield* replay("--verify")
      assert.deepStrictEqual([all.code, all.stderr], [1, "8 sessions, 7 not identical.\n"])
      assert.match(all.stdout, /^identical {3}behaves {2}\(1 request run again\)$/m)
      assert.include(
        all.stdout,
        `around      undici  (1 request run again)  undici reached http://${host} via undici\n`
      )
      assert.match(all.stdout, /^diverged {4}depends {2}api:response:(debug|raw) at position \d+/m)
      assert.include(all.stdout, "unverified  empty  the session has no requests\n")
    }), 90_000)

  it.live("tells wrong use from every outcome", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make()
      yield* strata.close
      const folder = yield* TemporaryFolder.make
      const replay = (...args: ReadonlyArray<string>) => StrataProcess.run(["replay", ...args], { folder })
      const nobody = yield* replay("nobody", "--verify", "--json", "--data", strata.folder)
      assert.deepStrictEqual([nobody.code, nobody.stdout], [2, ""])
      assert.include(nobody.stderr, "There is no session `nobody`.")
      const flag = yield* replay("nobody", "--verfy", "--data", strata.folder)
      assert.strictEqual(flag.code, 2)
      assert.include(flag.stderr, "--verfy")
      const noLog = yield* replay("nobody", "--verify", "--data", "nowhere")
      assert.deepStrictEqual([noLog.code, noLog.stdout], [2, ""])
      const nothing = yield* replay("--verify", "--data", strata.folder)
      assert.deepStrictEqual([nothing.code, nothing.stdout, nothing.stderr], [3, "", "0 sessions, none verified.\n"])
    }))
})
