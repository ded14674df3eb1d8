/** Skills that a response names: what they say is told to the model. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { toFile } from "openai"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const manual = (words: string) => `---\nname: weather\ndescription: Says how the weather is.\n---\n${words}\n`

const upload = (url: string, words: string, who: string) =>
  Effect.promise(async () => {
    const client = Sdk.make(url, { apiKey: Keys.keyOf(who) })
    return client.skills.create({ files: [await toFile(Buffer.from(manual(words)), "weather/SKILL.md")] })
  })

const shell = (...skills: ReadonlyArray<World.Json>): World.Json => ({
  type: "shell",
  environment: { type: "container_auto", skills }
})

const reference = (skill_id: string, version?: string): World.Json => ({
  type: "skill_reference",
  skill_id,
  ...version === undefined ? {} : { version }
})

const zip = { type: "base64", media_type: "application/zip" }

const inline = (source: World.Json): World.Json => ({
  type: "inline",
  name: "weather",
  description: "Says how the weather is.",
  source
})

const given = World.given({ auth: { providers: [Keys.provider({ alice: {}, bob: {} })] } })
const headers = (who: string) => Keys.headers(who)

describe.each(ways)("a response that names skills, before $way", ({ it }) => {
  it.live("tells the model what one says that it brings, keeps nothing of it, and is verified", () =>
    Effect.gen(function*() {
      const { create, strata, upstream } = yield* given
      const { id } = yield* upload(strata.url, "Look out of the window.", "alice")
      const client = Sdk.make(strata.url, { apiKey: Keys.keyOf("alice") })
      const archive = yield* Effect.promise(async () =>
        Buffer.from(await (await client.skills.content.retrieve(id)).arrayBuffer())
      )
      const tools = [shell(inline({ ...zip, data: archive.toString("base64") }))]
      const answer = yield* create({ input: "hello", tools }, "s", headers("bob"))
      assert.strictEqual(answer.status, 200, answer.text)
      assert.include(upstream.received.at(-1)!.bodyText, "Look out of the window.")
      assert.notInclude(upstream.received.at(-1)!.bodyText, "shell")
      const listed = yield* Effect.promise(() => Sdk.make(strata.url, { apiKey: Keys.keyOf("bob") }).skills.list())
      assert.lengthOf(listed.data, 0)
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {}, headers("bob"))
      assert.deepInclude(json as object, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("tells the model what they say, in the version that is named, and is verified", () =>
    Effect.gen(function*() {
      const { create, strata, upstream } = yield* given
      const { id } = yield* upload(strata.url, "Look out of the window.", "alice")
      const client = Sdk.make(strata.url, { apiKey: Keys.keyOf("alice") })
      yield* Effect.promise(async () =>
        client.skills.versions.create(id, {
          files: [await toFile(Buffer.from(manual("Ask the frog.")), "weather/SKILL.md")],
          default: true
        })
      )
      for (const [version, words] of [[undefined, "Ask the frog."], ["1", "Look out of the window."]] as const) {
        const answer = yield* create(
          { input: "hello", instructions: "Be brief.", tools: [shell(reference(id, version))] },
          "s",
          headers("alice")
        )
        assert.strictEqual(answer.status, 200, answer.text)
        const [system] = field(upstream.received.at(-1)!.body, "messages") as ReadonlyArray<World.Json>
        const text = String(system!["content"])
        assert.isTrue(text.startsWith("Be brief."))
        assert.include(text, words)
        assert.isUndefined(field(upstream.received.at(-1)!.body, "tools"))
      }
      const report = yield* Effect.promise(() => client.post("/sessions/s/verify", { body: {} }))
      assert.deepInclude(report as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("is refused by the field, where a skill is not there, somebody else's, or none", () =>
    Effect.gen(function*() {
      const { create, strata, upstream } = yield* given
      const { id } = yield* upload(strata.url, "Look out of the window.", "alice")
      const asked = upstream.received.length
      const at = "tools[1].environment.skills[0]"
      const cases: ReadonlyArray<readonly [skill: World.Json, who: string, status: number, param: string]> = [
        [reference("skill_none"), "alice", 404, `${at}.skill_id`],
        [reference(id), "bob", 404, `${at}.skill_id`],
        [reference(id, "7"), "alice", 404, `${at}.version`],
        [reference(""), "alice", 400, `${at}.skill_id`],
        [{ type: "local", name: "a" }, "alice", 400, `${at}.type`],
        [{ type: "inline", name: "a" }, "alice", 400, `${at}.description`],
        [inline({ type: "url", url: "https://example.com" }), "alice", 400, `${at}.source`],
        [inline({ ...zip, data: "?" }), "alice", 400, `${at}.source.data`],
        [inline({ ...zip, data: `${" ".repeat(1_000_000)}?` }), "alice", 400, `${at}.source.data`],
        [inline({ ...zip, data: Buffer.from("no archive").toString("base64") }), "alice", 400, `${at}.source.data`]
      ]
      for (const [skill, who, status, param] of cases) {
        const tools = [{ type: "function", name: "f", parameters: {} }, shell(skill)]
        const answer = yield* create({ input: "hello", tools }, undefined, headers(who))
        assert.strictEqual(answer.status, status, answer.text)
        assert.strictEqual(field(field(answer.json, "error"), "param"), param)
      }
      const plain = yield* create({ input: "hello", tools: [{ type: "shell" }] }, undefined, headers("alice"))
      assert.strictEqual(field(field(plain.json, "error"), "param"), "tools[0].type")
      assert.lengthOf(upstream.received, asked)
    }).pipe(Effect.scoped))
})
