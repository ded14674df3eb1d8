/** Skills through OpenAI's own client: uploaded, listed, downloaded, and what is refused. */
import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { BadRequestError, ConflictError, NotFoundError, toFile } from "openai"
import { Skills } from "../../../src/apis/skills/Skills.ts"
import type { ZipEntry } from "../../../src/apis/skills/ZipReader.ts"
import * as ZipReader from "../../../src/apis/skills/ZipReader.ts"
import * as ZipWriter from "../../../src/apis/skills/ZipWriter.ts"
import { Http } from "../../support/Http.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { verify } from "../../support/verify.ts"

const served = Effect.map(Strata.make(), (strata) => ({ ...strata, client: Sdk.make(strata.url) }))

const call = <A>(make: () => PromiseLike<A>) => Effect.promise(() => Promise.resolve(make()))
const failure = <A>(make: () => PromiseLike<A>) => Sdk.failureOf(Effect.tryPromise(() => Promise.resolve(make())))

const manual = (name: string, text = "Look out of the window.") =>
  `---\nname: ${name}\ndescription: Says how the weather is.\n---\n\n${text}\n`

const entry = (path: string, content: string | Uint8Array): ZipEntry => ({ path, bytes: Buffer.from(content) })
const picture = Uint8Array.from([0xff, 0xd8, 0x00, 0x80])
const files = (name: string, text?: string) => [
  entry(`${name}/SKILL.md`, manual(name, text)),
  entry(`${name}/assets/sun.jpg`, picture)
]
const upload = (entries: ReadonlyArray<ZipEntry>) =>
  Promise.all(entries.map(({ bytes, path }) => toFile(bytes, path))) as Promise<Array<File>>
const zipped = (entries: ReadonlyArray<ZipEntry>) => toFile(ZipWriter.write(entries), "skill.zip")

const contentOf = (asked: PromiseLike<Response>) =>
  asked.then((response) => response.arrayBuffer()).then((buffer) =>
    ZipReader.read(new Uint8Array(buffer), { maxEntries: 10, maxBytes: 100_000 })
      .map(({ bytes, path }) => [path, Buffer.from(bytes).toString("latin1")])
  )

const all = <A>(list: AsyncIterable<A>) => Effect.orDie(Stream.runCollect(Sdk.readAll(list)))

const expected = (name: string, text?: string) =>
  files(name, text).map(({ bytes, path }) => [path, Buffer.from(bytes).toString("latin1")])

describe.each(ways)("skills, before $way", ({ it }) => {
  it.live("given a skill, when OpenAI's client walks its endpoints, then each gives what OpenAI's would", () =>
    Effect.gen(function*() {
      const { client: { skills } } = yield* served
      const made = yield* call(() => upload(files("weather")).then((files) => skills.create({ files })))
      assert.match(made.id, /^skill_[0-9a-f]{48}$/)
      const described = { name: "weather", description: "Says how the weather is." }
      assert.deepInclude(made, { ...described, object: "skill", default_version: "1", latest_version: "1" })
      const second = yield* call(() =>
        zipped(files("sky", "Look up.")).then((files) => skills.versions.create(made.id, { files }))
      )
      assert.deepInclude(second, { skill_id: made.id, version: "2", name: "sky" })
      assert.deepStrictEqual(yield* call(() => skills.retrieve(made.id)), { ...made, latest_version: "2" })
      const updated = yield* call(() => skills.update(made.id, { default_version: "2" }))
      assert.deepInclude(updated, { name: "sky", default_version: "2" })
      const third = yield* call(() =>
        zipped(files("stars")).then((files) => skills.versions.create(made.id, { files, default: true }))
      )
      assert.deepInclude(yield* call(() => skills.retrieve(made.id)), { name: "stars", default_version: "3" })

      const content = yield* call(() => contentOf(skills.content.retrieve(made.id)))
      assert.deepStrictEqual(content, expected("stars"))
      const first = yield* call(() => contentOf(skills.versions.content.retrieve("1", { skill_id: made.id })))
      assert.deepStrictEqual(first, expected("weather"))

      const versions = yield* all(skills.versions.list(made.id, { limit: 1, order: "asc" }))
      assert.deepStrictEqual(versions.map(({ version }) => version), ["1", "2", "3"])
      const page = yield* call(() => skills.versions.list(made.id, { limit: 2 }))
      const gone = yield* call(() => skills.versions.delete("2", { skill_id: made.id }))
      assert.deepStrictEqual(gone, { object: "skill.version.deleted", deleted: true, id: second.id, version: "2" })
      const rest = yield* call(() => page.getNextPage())
      assert.deepStrictEqual(rest.data.map(({ version }) => version), ["1"])
      assert.instanceOf(yield* failure(() => skills.versions.retrieve("2", { skill_id: made.id })), NotFoundError)
      const held = yield* failure(() => skills.versions.delete("3", { skill_id: made.id }))
      assert.instanceOf(held, ConflictError)
      assert.deepStrictEqual(yield* call(() => skills.versions.retrieve("latest", { skill_id: made.id })), third)

      const other = yield* call(() =>
        zipped([entry("SKILL.md", manual("one"))]).then((files) => skills.create({ files }))
      )
      const listed = yield* all(skills.list({ limit: 1 }))
      assert.deepStrictEqual(listed.map(({ id }) => id), [other.id, made.id])
      assert.deepInclude(yield* call(() => skills.delete(made.id)), { deleted: true, id: made.id })
      for (
        const ask of [
          () => skills.retrieve(made.id),
          () => skills.content.retrieve(made.id),
          () => skills.versions.list(made.id),
          () => skills.versions.retrieve("1", { skill_id: made.id }),
          () => skills.delete(made.id)
        ]
      ) {
        assert.instanceOf(yield* failure<unknown>(ask), NotFoundError)
      }
    }))

  it.live("given what is no skill, then it is refused with what is wrong, and nothing is kept", () =>
    Effect.gen(function*() {
      const { client: { skills }, url } = yield* served
      const good = entry("SKILL.md", manual("good"))
      const refused: ReadonlyArray<readonly [() => Promise<unknown>, string]> = [
        [() => upload([entry("README.md", "x")]), "no SKILL.md"],
        [() => upload([entry("SKILL.md", "# Skill")]), "front matter"],
        [() => upload([entry("SKILL.md", "---\nname: a\n---\n")]), "description"],
        [() => upload([entry("SKILL.md", "---\nname: [a\n---\n")]), "front matter"],
        [() => zipped([good, entry("../evil", "x")]), "leads out of the skill"],
        [() => zipped([good, entry("/etc/passwd", "x")]), "no path within the skill"],
        [() => zipped([good, entry("a\\b", "x")]), "backslash"],
        [() => zipped([good, entry("skill.md", manual("twin"))]), "two files"],
        [() => zipped([good, entry("zeros", Buffer.alloc(11 * 1024 * 1024))]), "more than 10485760 bytes"],
        [() => toFile(ZipWriter.write([good]).subarray(0, 60), "skill.zip"), "no whole zip archive"]
      ]
      for (const [make, words] of refused) {
        const error = yield* failure(() => make().then((files) => skills.create({ files: files as never })))
        assert.instanceOf(error, BadRequestError, words)
        assert.include(error.message, words)
        assert.strictEqual(error.param, "files")
      }
      assert.strictEqual((yield* failure(() => skills.create())).status, 415)
      // What a page of another site could send by a form.
      const form = { "content-type": "multipart/form-data; boundary=b", origin: "https://elsewhere.example" }
      const sent = yield* Http.send(url, "/v1/skills", { method: "POST", headers: form, body: "--b--" })
      assert.strictEqual(sent.status, 403)
      const torn = { "content-type": "multipart/form-data; boundary=b" }
      const answer = yield* Http.send(url, "/v1/skills", { method: "POST", headers: torn, body: "--b\r\nx" })
      assert.strictEqual(answer.status, 400, answer.text)
      assert.deepStrictEqual((yield* call(() => skills.list())).data, [])
    }))

  it.live("given references to skills, then a response gets their instructions", () =>
    Effect.gen(function*() {
      const { client: { skills }, inProcess } = yield* served
      const { id: skill_id } = yield* call(() => upload(files("weather")).then((files) => skills.create({ files })))
      yield* call(() => zipped(files("sky", "Look up.")).then((files) => skills.versions.create(skill_id, { files })))
      const ask = (version?: string) =>
        inProcess(Effect.flatMap(Skills, (service) => service.instructions([{ skill_id, version }])) as Effect.Effect<
          never
        >)
      const given = { skill_id, description: "Says how the weather is." }
      assert.deepStrictEqual<unknown>(yield* ask(), [
        { ...given, version: "1", name: "weather", instructions: "Look out of the window." }
      ])
      assert.deepStrictEqual<unknown>(yield* ask("latest"), [
        { ...given, version: "2", name: "sky", instructions: "Look up." }
      ])
      const error = yield* Effect.flip(ask("x") as Effect.Effect<never, object>)
      assert.deepInclude(error, { _tag: "DocumentInvalid", field: "version" })
    }))

  it.live("given a session that makes and changes skills, then it verifies", () =>
    Effect.gen(function*() {
      const { client: { skills }, close, folder } = yield* served
      const ofSession = { headers: { "x-strata-session-id": "s" } }
      const before = yield* call(() => upload(files("weather")).then((files) => skills.create({ files })))
      const within = yield* call(() => zipped(files("sky")).then((files) => skills.create({ files }, ofSession)))
      for (const { id } of [before, within]) {
        yield* call(() => zipped(files("sky")).then((files) => skills.versions.create(id, { files }, ofSession)))
        yield* call(() => skills.update(id, { default_version: "2" }, ofSession))
        yield* call(() => skills.versions.delete("1", { skill_id: id }, ofSession))
      }
      yield* close
      const [report] = yield* verify(folder, ["s"])
      assert.deepInclude(report, { requests: 7, skipped: [], divergence: undefined })
    }))
})
