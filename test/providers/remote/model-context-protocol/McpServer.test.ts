/** MCP servers that misbehave: what a client gets of them, and that nothing of them is left. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { HostileMcpServer } from "../../../support/HostileMcpServer.ts"
import { Http } from "../../../support/Http.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { ToolWorld } from "../../../support/ToolWorld.ts"

const started = Effect.fnUntraced(function*(mode: string, config: Record<string, unknown> = {}) {
  const folder = yield* TemporaryFolder.make
  const journal = join(folder, "journal")
  const strata = yield* ToolWorld.make({
    more: {
      tool_runtime: [{
        provider_id: "hostile",
        provider_type: "remote::model-context-protocol",
        config: {
          command: process.execPath,
          args: [HostileMcpServer.install(folder), mode, journal],
          ...config
        } as never
      }]
    }
  })
  const lines = () => existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n") : []
  const invoke = (name: string, given: Record<string, never> = {}) =>
    ToolWorld.invoke(strata.url, { name, group: "hostile", arguments: given })
  /** Waits until the journal has such lines. */
  const noted = (pattern: RegExp, count = 1): Effect.Effect<void> =>
    Effect.suspend(() =>
      lines().filter((line) => pattern.test(line)).length >= count
        ? Effect.void
        : Effect.andThen(Effect.sleep("10 millis"), noted(pattern, count))
    )
  return { ...strata, strata, invoke, lines, noted }
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const pids = (lines: ReadonlyArray<string>) =>
  lines.flatMap((line) => line.startsWith("started ") ? [Number(line.slice(8))] : [])

const gone = (all: ReadonlyArray<number>): Effect.Effect<void> =>
  Effect.suspend(() => all.some(isAlive) ? Effect.andThen(Effect.sleep("20 millis"), gone(all)) : Effect.void)

describe("an MCP server", () => {
  it.live("that crashes in a call fails that call, and is started again for the next", () =>
    Effect.gen(function*() {
      const { invoke, lines } = yield* started("plain")
      const crashed = yield* invoke("crash")
      assert.strictEqual(crashed.status, 502, crashed.text)
      assert.strictEqual(ToolWorld.codeOf(crashed.json), "tool_unreachable")
      assert.include(crashed.text, "it ended (exit code 1)")
      const next = yield* invoke("fine")
      assert.strictEqual(next.status, 200, next.text)
      assert.isAtLeast(pids(lines()).length, 2)
    }), 30_000)

  it.live(
    "that crashes again and again is left alone for a while, and its health says so",
    () =>
      Effect.gen(function*() {
        const { invoke, lines, url } = yield* started("dies")
        const [first, second] = [yield* invoke("fine"), yield* invoke("fine")]
        assert.strictEqual(first.status, 502, first.text)
        assert.include(second.text, "It is started again in")
        const before = pids(lines()).length
        for (let at = 0; at < 20; at++) yield* invoke("fine")
        assert.isAtMost(pids(lines()).length - before, 2)
        const health = yield* Http.send(url, "/v1/providers/hostile")
        assert.strictEqual(field(field(health.json, "health"), "status"), "unhealthy", health.text)
        assert.include(health.text, "exit code 3")
      }),
    30_000
  )

  it.live("that never answers is told that its call is cancelled when the client leaves", () =>
    Effect.gen(function*() {
      const { noted, url } = yield* started("plain")
      const body = JSON.stringify({ tool_name: "never", toolgroup_id: "hostile", kwargs: {} })
      const headers = { "content-type": "application/json" }
      const asking = Effect.promise((signal) =>
        fetch(`${url}/v1/tool-runtime/invoke`, { method: "POST", headers, body, signal })
      )
      yield* Effect.raceFirst(asking, noted(/^asked/))
      yield* noted(/^cancelled true/)
    }), 30_000)

  it.live("that answers 100 MB is left; its call says what is allowed", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("plain", { max_message_bytes: 1_000_000 })
      const huge = yield* invoke("huge")
      assert.strictEqual(huge.status, 502, huge.text)
      assert.strictEqual(ToolWorld.codeOf(huge.json), "tool_too_large")
      assert.include(huge.text, "more than 1000000 bytes")
      const next = yield* invoke("fine")
      assert.strictEqual(next.status, 200, next.text)
    }), 30_000)

  it.live("that writes garbage to stdout is understood all the same", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("garbage")
      assert.strictEqual((yield* invoke("fine")).status, 200)
    }), 30_000)

  it.live("that says nothing is not waited for longer than it may start", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("mute", { connect_timeout_ms: 300 })
      const answer = yield* invoke("fine")
      assert.include([502, 504], answer.status)
      assert.include(answer.text, "it did not introduce itself within 300 ms")
    }), 30_000)

  it.live(
    "that says without end that its tools are others is asked when they are wanted",
    () =>
      Effect.gen(function*() {
        const { invoke, lines } = yield* started("storm")
        yield* invoke("fine")
        yield* invoke("fine")
        assert.isBelow(lines().filter((line) => line === "listed").length, 10)
      }),
    30_000
  )

  it.live("that lists without end is refused", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("endless", { max_tools: 50 })
      const answer = yield* invoke("t1")
      assert.strictEqual(ToolWorld.codeOf(answer.json), "tool_too_large", answer.text)
    }), 30_000)

  it.live("that lists a name twice has it once, in an order that does not depend on it", () =>
    Effect.gen(function*() {
      const { url } = yield* started("twice")
      const listed = yield* ToolWorld.list(url)
      const names = (field(listed.json, "data") as ReadonlyArray<{ readonly name: string }>).map(({ name }) => name)
      assert.deepStrictEqual(names, ["args", "böse.näme/1", "crash", "deep", "env", "fine", "huge", "never"])
    }), 30_000)

  it.live("has tools of any name", () =>
    Effect.gen(function*() {
      const { invoke, url } = yield* started("plain")
      const answer = yield* invoke("böse.näme/1")
      assert.strictEqual(ToolWorld.textOf(answer.json), "böse.näme/1", answer.text)
      const one = yield* Http.send(url, `/v1/tools/${encodeURIComponent("böse.näme/1")}`)
      assert.strictEqual(field(one.json, "name"), "böse.näme/1", one.text)
    }), 30_000)

  it.live("whose blocks nobody knows gives them as text", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("plain")
      const answer = yield* invoke("args")
      assert.strictEqual(answer.status, 200, answer.text)
      assert.strictEqual(ToolWorld.textOf(answer.json), "{\"type\":\"odd\",\"text\":1}\n7\nnull\n{\"type\":\"image\"}")
    }), 30_000)

  it.live(
    "gets nothing of Strata's environment but what is safe, and what is configured",
    () =>
      Effect.gen(function*() {
        const secret = "sk-strata-test-4242424242"
        process.env["STRATA_TEST_KEY"] = secret
        yield* Effect.addFinalizer(() => Effect.sync(() => delete process.env["STRATA_TEST_KEY"]))
        const { events, invoke } = yield* started("plain", { env: { MY_OWN: "own-value-123456" } })
        const answer = yield* invoke("env")
        assert.notInclude(answer.text, secret)
        const environment = Object.keys(JSON.parse(ToolWorld.textOf(answer.json)))
        assert.include(environment, "MY_OWN")
        assert.isEmpty(environment.filter((name) => /^(STRATA|VITEST|npm_)/.test(name)))
        // What is configured there is a key: no event shows it.
        assert.notInclude(JSON.stringify(yield* events()), "own-value-123456")
      }),
    30_000
  )

  it.live("fills no log: of its stderr some lines are kept, each cut", () =>
    Effect.gen(function*() {
      const { invoke } = yield* started("noisy")
      assert.strictEqual((yield* invoke("fine")).status, 200)
    }), 30_000)

  it.live("is not left when Strata ends, nor is what it has started itself", () =>
    Effect.gen(function*() {
      const { close, invoke, lines } = yield* started("stubborn")
      yield* invoke("fine")
      const all = pids(lines())
      assert.lengthOf(all, 2)
      yield* close
      yield* gone(all)
    }), 30_000)

  it.live("is not given arguments of 10,000 levels: the client is refused", () =>
    Effect.gen(function*() {
      const { url } = yield* started("plain")
      const deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)
      const answer = yield* Http.send(url, "/v1/tool-runtime/invoke", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: `{"tool_name":"deep","toolgroup_id":"hostile","kwargs":${deep}}`
      })
      assert.strictEqual(answer.status, 400, answer.text)
      assert.include(answer.text, "256 levels")
      assert.strictEqual((yield* Http.send(url, "/v1/health")).status, 200)
    }), 30_000)
})
