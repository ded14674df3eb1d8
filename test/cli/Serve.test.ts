/** `strata serve`, started as a person starts it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { Chat } from "../support/Chat.ts"
import { Http } from "../support/Http.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

/** A port nothing listens on: it was free a moment ago. */
const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

const health = (url: string) => Effect.map(Http.send(url, "/v1/health"), ({ status }) => status)

/** What stands in the banner under a title. */
const section = (stdout: string, title: string) =>
  new RegExp(`^ {2}${title} +([^]*?)\\n(?: {2}\\S|\\n)`, "m").exec(stdout)?.[1]?.split("\n").map((line) =>
    line.trim()
  ) ?? []

/** The parts of the curl command that the banner shows. */
const copied = (stdout: string) => {
  const [, url = ""] = /curl (\S+) \\$/m.exec(stdout) ?? []
  const [, name = "", value = ""] = /-H '([^:]+): ([^']+)'/.exec(stdout) ?? []
  const [, body = ""] = /-d '([^']+)'/.exec(stdout) ?? []
  return { url: new URL(url), headers: { [name]: value }, body }
}

describe("strata serve", () => {
  it.live("shows where it is, who answers and who does not, and a request that works when copied", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const { output: { stderr, stdout }, url } = yield* StrataProcess.serve({ folder })
      assert.match(stdout, /^\nStrata \d+\.\d+\.\d+\n/)
      assert.include(stdout, `${url}/docs`)
      assert.include(stdout, `${url}/v1/events?follow=true`)
      assert.include(stdout, `raw to ${join(folder, "data")}`)
      assert.include(section(stdout, "Providers"), "sample (inline::replay): 1 model")
      assert.include(section(stdout, "Skipped"), "openai: OPENAI_API_KEY is not set")

      const request = copied(stdout)
      assert.strictEqual(request.url.origin, url)
      const answer = yield* Http.post(url, request.url.pathname, request.body, request.headers)
      assert.strictEqual(answer.status, 200)
      assert.include(answer.text, "This answer comes from a sample session")
      assert.strictEqual(stderr, "")
    }))

  it.live("given keys in the environment, then each is of the API that it is for, and files need none", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const environment = { TAVILY_SEARCH_API_KEY: "tvly-0123456789", OPENAI_API_KEY: "sk-0123456789" }
      const { output: { stdout }, url } = yield* StrataProcess.serve({ folder, environment })
      const lines = section(stdout, "Providers")
      for (
        const line of [
          "files (inline::localfs): files",
          "auto (inline::auto): file_processors",
          "sqlite-vec (inline::sqlite-vec): vector_io",
          "tavily-search (remote::tavily-search): tool_runtime"
        ]
      ) assert.include(lines, line)
      const { json } = yield* Http.send(url, "/v1/providers")
      const { data } = json as { readonly data: ReadonlyArray<{ readonly api: string; readonly provider_id: string }> }
      assert.deepStrictEqual(data.filter(({ provider_id }) => provider_id === "openai").map(({ api }) => api), [
        "inference"
      ])
    }))

  it.live("takes flags before the environment", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const [port, file, data] = [yield* freePort, join(folder, "my.yaml"), join(folder, "elsewhere")]
      writeFileSync(file, "providers: {}\n")
      const environment = {
        STRATA_PORT: "1",
        STRATA_HOST: "192.0.2.1",
        STRATA_CONFIG: "nowhere.yaml",
        STRATA_DATA: "nowhere"
      }
      const flags = ["--port", String(port), "--host", "127.0.0.1", "--config", file, "--data", data]
      const started = yield* StrataProcess.start(["serve", ...flags], { folder, environment })
      const { output, url } = yield* StrataProcess.ready(started, data)
      assert.strictEqual(url, `http://127.0.0.1:${port}`)
      assert.include(output.stdout, "No model is served yet")
      assert.strictEqual(yield* health(url), 200)
      assert.deepStrictEqual(readdirSync(folder), ["elsewhere", "my.yaml"])
      assert.include(readdirSync(data), "strata.db")
    }))

  it.live("takes the environment before the configuration file", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const [port, file, data] = [yield* freePort, join(folder, "my.yaml"), join(folder, "elsewhere")]
      writeFileSync(file, "server: { port: 1, host: 192.0.2.1 }\ndata: nowhere\n")
      const environment = {
        STRATA_PORT: String(port),
        STRATA_HOST: "127.0.0.1",
        STRATA_CONFIG: file,
        STRATA_DATA: data
      }
      const started = yield* StrataProcess.start(["serve"], { folder, environment })
      const { url } = yield* StrataProcess.ready(started, data)
      assert.strictEqual(url, `http://127.0.0.1:${port}`)
      assert.strictEqual(yield* health(url), 200)
      assert.deepStrictEqual(readdirSync(folder), ["elsewhere", "my.yaml"])
    }))

  it.live("takes the rest from the configuration file, and says of each provider it skips why", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const skipped = "    - { provider_id: \"${env.NO_KEY:+other}\", provider_type: remote::openai }\n"
      const file = join(folder, "my.yaml")
      writeFileSync(
        file,
        Chat.configuration({ url: "http://127.0.0.1:9/v1" }, `${skipped}data: in-file\nrecording: { level: debug }\n`)
      )
      const started = yield* StrataProcess.start(["serve", "--port", "0", "--config", file], { folder })
      const { output, url } = yield* StrataProcess.ready(started, "in-file")
      assert.include(output.stdout, "debug to in-file")
      assert.include(readdirSync(join(folder, "in-file")), "strata.db")
      const [provider = "", ...more] = section(output.stdout, "Providers")
      assert.match(provider, /^upstream \(remote::openai\): 1 model, unhealthy: .*ECONNREFUSED/)
      assert.deepStrictEqual(more, [])
      assert.deepStrictEqual(section(output.stdout, "Skipped"), [
        "provider_id ${env.NO_KEY:+other} is empty: set NO_KEY to use this provider"
      ])
      const events = yield* Http.send(url, "/v1/events?type=provider:skipped")
      assert.include(events.text, "set NO_KEY to use this provider")
    }))
})
