/** Modules of the examples and of an installed package, in servers of their own: checked, served, recorded, replayed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Http } from "../../support/Http.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const examples = fileURLToPath(new URL("../../../examples", import.meta.url))
const configurationOf = (example: string) => join(examples, example, "strata.yaml")

const serve = Effect.fnUntraced(function*(config: string) {
  const folder = yield* TemporaryFolder.make
  const data = join(folder, "data")
  const started = yield* StrataProcess.start(["serve", "--port", "0", "--data", data, "--config", config], { folder })
  return { ...yield* StrataProcess.ready(started, data), folder }
})

const run = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  return yield* StrataProcess.run(args, { folder: yield* TemporaryFolder.make })
})

const json = (text: string) => JSON.parse(text)
const get = (url: string, path: string) => Http.send(url, path)
const post = (url: string, path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  Http.send(url, path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body)
  })
const eventsOf = (url: string, query: string) =>
  Effect.map(get(url, `/v1/events?${query}`), ({ text }) => text.trimEnd().split("\n").map(json))

describe("examples/external-provider", () => {
  it.live("answers, plain and streamed, and its sessions replay", () =>
    Effect.gen(function*() {
      const config = configurationOf("external-provider")
      const server = yield* serve(config)
      const ask = (body: object) =>
        post(server.url, "/v1/chat/completions", {
          model: "echo/echo-1",
          messages: [{ role: "user", content: "Good morning" }],
          ...body
        }, { "x-strata-session-id": "morning" })
      assert.strictEqual(json((yield* ask({})).text).choices[0].message.content, "You said: Good morning")
      assert.match((yield* ask({ stream: true })).text, /You said: Good morning[^]*\[DONE\]\n\n$/)
      const verified = yield* post(server.url, "/v1/sessions/morning/verify", {})
      assert.strictEqual(json(verified.text).status, "identical")
      assert.strictEqual((yield* server.kill("SIGTERM")).code, 0)
    }))

  it.live("is known to strata config check and to strata config schema", () =>
    Effect.gen(function*() {
      const config = configurationOf("external-provider")
      const checked = yield* run("config", "check", config)
      assert.strictEqual(checked.code, 0, checked.stderr)
      assert.match(
        checked.stdout,
        /Modules +\.\/Echo\.ts: 1 provider type\n +Providers +echo \(inline::echo\) for inference/
      )
      const schema = json((yield* run("config", "schema", "--config", config)).stdout)
      assert.strictEqual(
        schema.$defs["inference.inline.echo"].properties.prefix.description,
        "What every answer begins with."
      )
    }))
})

describe("examples/external-api", () => {
  it.live("is served, documented, recorded and verified as Strata's own", () =>
    Effect.gen(function*() {
      const server = yield* serve(configurationOf("external-api"))
      const { url } = server
      const ask = (city: unknown) => post(url, "/v1/weather/forecasts", { city }, { "x-strata-session-id": "travel" })
      assert.deepStrictEqual(json((yield* ask("Nairobi")).text), { city: "Nairobi", celsius: 26.5, source: "almanac" })
      const unknown = yield* ask("Atlantis")
      assert.deepStrictEqual([unknown.status, json(unknown.text).error.param], [404, "city"])
      const wrong = yield* ask(7)
      assert.deepStrictEqual([wrong.status, json(wrong.text).error.param], [400, "city"])
      assert.strictEqual((yield* get(url, "/v1/weather/forecasts")).status, 405)

      const document = json((yield* get(url, "/openapi.json")).text)
      assert.strictEqual(document.paths["/v1/weather/forecasts"].post.operationId, "createForecast")
      const routes = json((yield* get(url, "/v1/inspect/routes")).text).data
      assert.deepInclude(routes, {
        operation_id: "createForecast",
        method: "POST",
        route: "/v1/weather/forecasts",
        group: "weather",
        summary: "Forecast",
        recorded: true,
        provider_types: ["inline::almanac"]
      })

      const events = yield* eventsOf(url, "session_id=travel&level=default&type=api:*,weather:*")
      assert.deepStrictEqual(events.map(({ type }: { readonly type: string }) => type), [
        "api:request",
        "weather:looked_up",
        "api:response",
        "api:request",
        "weather:looked_up",
        "api:error",
        "api:request",
        "api:error"
      ])
      assert.deepStrictEqual(events[0].payload.payload, { city: "Nairobi" })
      assert.deepStrictEqual(events[1].payload, { city: "Nairobi", station: "almanac" })

      const catalog = json((yield* get(url, "/v1/events/catalog")).text)
      const types = catalog.events.map(({ type }: { readonly type: string }) => type)
      assert.include(types, "weather:looked_up")
      assert.strictEqual(new Set(types).size, types.length)
      assert.include(JSON.stringify(catalog), "createForecast")

      const verified = json((yield* post(url, "/v1/sessions/travel/verify", {})).text)
      assert.deepStrictEqual([verified.status, verified.requests], ["identical", 3])
      yield* server.kill("SIGTERM")
      const config = configurationOf("external-api")
      const { code, stdout } = yield* run("replay", "travel", "--verify", "--data", server.data, "--config", config)
      assert.strictEqual(code, 0)
      assert.match(stdout, /identical/)
    }))

  it.live("is left out with its providers where it is not among the APIs to serve", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      cpSync(join(examples, "external-api"), folder, { recursive: true })
      const file = join(folder, "strata.yaml")
      writeFileSync(
        file,
        `apis: [events]\n${yield* Effect.sync(() => readFileSync(configurationOf("external-api"), "utf8"))}`
      )
      const { url } = yield* serve(file)
      assert.strictEqual((yield* post(url, "/v1/weather/forecasts", { city: "Nairobi" })).status, 404)
      assert.strictEqual((yield* get(url, "/v1/models")).status, 404)
      assert.strictEqual((yield* get(url, "/v1/health")).status, 200)
      assert.deepStrictEqual(json((yield* get(url, "/v1/providers")).text).data, [])
    }))
})

describe("a module", () => {
  const packaged = (source: string | undefined) =>
    Effect.map(TemporaryFolder.make, (folder) => {
      const home = join(folder, "node_modules", "@acme", "strata-poet")
      mkdirSync(home, { recursive: true })
      writeFileSync(join(home, "package.json"), JSON.stringify({ type: "module", exports: { import: "./poet.js" } }))
      if (source === undefined) rmSync(home, { recursive: true })
      else writeFileSync(join(home, "poet.js"), source)
      const file = join(folder, "strata.yaml")
      writeFileSync(
        file,
        "providers:\n  inference:\n    - { provider_id: poet, provider_type: \"inline::poet\", module: \"@acme/strata-poet\" }\n"
      )
      return { file, folder }
    })

  const definition = `
    import { Effect, Layer, Schema } from "effect"
    import { InferenceProvider } from "strata/apis/inference/Inference"
    import { InferenceApi } from "strata/apis/inference/InferenceApi"
    import * as Provider from "strata/kernel/provider/Provider"
    export const providers = [Provider.make({
      api: InferenceApi,
      type: "inline::poet",
      description: "A poet.",
      config: Schema.Struct({}),
      requires: [],
      layer: () => Layer.succeed(InferenceProvider, SLOT)
    })]`

  it.live("is found as a package installed beside the configuration, which needs no copy of Strata and Effect", () =>
    Effect.gen(function*() {
      const models = "models: { source: \"configuration\", list: Effect.succeed([]) }"
      const { file } = yield* packaged(definition.replace("SLOT", `{ chatCompletion: () => Effect.never, ${models} }`))
      const { code, stderr, stdout } = yield* run("config", "check", file)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /Modules +@acme\/strata-poet: 1 provider type/)
    }))

  it.live("whose service lacks a member is refused when it starts, with the member", () =>
    Effect.gen(function*() {
      const { file, folder } = yield* packaged(definition.replace("SLOT", "{ chatCompletion: () => Effect.never }"))
      const { code, stderr } = yield* StrataProcess.run(["serve", "--port", "0", "--config", file], { folder })
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /"poet" \(inline::poet\) does not fulfil the contract of the API inference[^]*models: expected an object/
      )
    }))

  it.live.each([
    {
      name: "that is not installed",
      source: undefined,
      says: /module: the package @acme\/strata-poet is not installed: run npm install @acme\/strata-poet in /
    },
    {
      name: "that needs what is not there",
      source: "import \"left-pad\"\n",
      says: /module: @acme\/strata-poet needs left-pad, which is not there: install what it depends on/
    },
    {
      name: "that is no JavaScript",
      source: "export const = 1\n",
      says: /module: @acme\/strata-poet can't be loaded: /
    }
  ])("$name is refused, with the place", ({ says, source }) =>
    Effect.gen(function*() {
      const { file } = yield* packaged(source)
      const { code, stderr } = yield* run("config", "check", file)
      assert.strictEqual(code, 1)
      assert.match(stderr, says)
    }))

  it.live("whose name is almost right is told how to be written", () =>
    Effect.gen(function*() {
      const { folder } = yield* packaged(definition)
      mkdirSync(join(folder, "sub"))
      for (const path of ["good.ts", "sub/good.ts"]) writeFileSync(join(folder, path), "export const providers = []\n")
      const names = ["good.ts", "sub/good.ts", "sub", "@acme/strata-poet@1.0.0", "other@^1/poet"]
      const file = join(folder, "names.yaml")
      writeFileSync(file, JSON.stringify({ modules: names }))
      const { stderr } = yield* run("config", "check", file)
      assert.deepStrictEqual(stderr.split("\n").flatMap((line) => /modules\[\d\]: (.*)/.exec(line)?.[1] ?? []), [
        "there is no package good.ts, but a file: write ./good.ts",
        "there is no package sub/good.ts, but a file: write ./sub/good.ts",
        `the package sub is not installed: run npm install sub in ${folder}`,
        "@acme/strata-poet@1.0.0 names a version: leave it out and write @acme/strata-poet; the one installed is loaded",
        "other@^1/poet names a version: leave it out and write other/poet; the one installed is loaded"
      ])
    }))
})
