/** Two servers over one log write to the same conversation at once: nothing is lost or doubled, and both give one order. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { HttpAnswer } from "../../support/Http.ts"
import { Http } from "../../support/Http.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import { chatModel } from "../../support/TurnWorld.ts"

const idOf = (answer: HttpAnswer) => String(field(answer.json, "id"))

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: chatModel, models: ["m"] })
  const schema = yield* Postgres.schema
  const configuration = JSON.stringify({
    storage: { type: "postgres", url: Redacted.value(Postgres.url), schema, pool_size: 4 },
    providers: {
      inference: [{ provider_id: "upstream", provider_type: "remote::openai", config: { base_url: upstream.url } }]
    }
  })
  const start = Effect.flatMap(TemporaryFolder.make, (folder) => StrataProcess.serve({ folder, configuration }))
  const servers = yield* Effect.all([start, start], { concurrency: 2 })
  return { servers: servers.map(({ url }) => url), upstream, schema }
})

/** All items of a conversation, the oldest first, page by page. */
const itemsOf = Effect.fnUntraced(function*(url: string, conversation: string) {
  const items: Array<World.Json> = []
  while (true) {
    const after = items.length === 0 ? "" : `&after=${String(items.at(-1)!["id"])}`
    const page = yield* Http.send(url, `/v1/conversations/${conversation}/items?order=asc&limit=7${after}`)
    assert.strictEqual(page.status, 200, page.text)
    items.push(...listOf(field(page.json, "data")) as ReadonlyArray<World.Json>)
    if (field(page.json, "has_more") !== true) return items
  }
})

const sessionOf = (name: string) => ({ "x-strata-session-id": `session-${name}` })

const saidIn = ({ content }: World.Json): string =>
  listOf(content).map((part) => String(field(part, "text") ?? "")).join("")

describe.skipIf(Postgres.unsupported !== undefined)("a conversation that two servers write to at once", () => {
  it.live(
    "given items, responses and responses in the background, then each is there once, whole, and both give one order",
    () =>
      Effect.gen(function*() {
        const { schema, servers, upstream } = yield* given
        const [one = "", other = ""] = servers
        const conversation = idOf(yield* Http.post(one, "/v1/conversations", {}))
        const path = `/v1/conversations/${conversation}`
        const rounds = Array.from({ length: 6 }, (_, index) => index)
        const answers = yield* Effect.all(
          servers.flatMap((url, server) =>
            rounds.flatMap((round) => {
              const name = `${server}.${round}`
              const message = (text: string) => ({ role: "user", content: text })
              const response = { model: "upstream/m", conversation }
              return [
                Http.post(url, `${path}/items`, { items: [message(`a${name}`), message(`b${name}`)] }),
                Http.post(url, "/v1/responses", { ...response, input: `r${name}` }, sessionOf(`r${name}`)),
                Http.post(
                  url,
                  "/v1/responses",
                  { ...response, input: `w${name}`, background: true },
                  sessionOf(`w${name}`)
                ),
                Http.post(url, path, { metadata: { last: name } })
              ]
            })
          ),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual([...new Set(answers.map(({ status }) => status))], [200], answers.at(-1)!.text)
        const made = answers.filter(({ json }) => field(json, "object") === "response")
        yield* Effect.forEach(
          made,
          (answer, index) =>
            World.awaitStatus((path) => Http.send(servers[index % 2]!, path), idOf(answer), "completed"),
          { concurrency: 4 }
        )

        const items = yield* itemsOf(one, conversation)
        assert.deepStrictEqual(yield* itemsOf(other, conversation), items)
        const said = items.map(saidIn)
        // Whatever was said at once stands together.
        for (const [server] of servers.entries()) {
          for (const round of rounds) {
            const name = `${server}.${round}`
            for (
              const [first, second] of [
                [`a${name}`, `b${name}`],
                [`r${name}`, `You said r${name}`],
                [`w${name}`, `You said w${name}`]
              ] as const
            ) {
              assert.lengthOf(said.filter((text) => text === first), 1, first)
              assert.strictEqual(said[said.indexOf(first) + 1], second)
            }
          }
        }
        assert.lengthOf(items, 2 * 6 * 3 * 2)
        assert.lengthOf(new Set(items.map(({ id }) => id)), items.length)

        // Both go on from all of it, in its order.
        for (const [index, url] of servers.entries()) {
          const before = [...yield* itemsOf(url, conversation)].map(saidIn)
          yield* Http.post(url, "/v1/responses", { model: "upstream/m", conversation, input: `end ${index}` })
          const messages = listOf(field(upstream.received.at(-1)!.body, "messages")) as ReadonlyArray<World.Json>
          const texts = messages.map(({ content }) =>
            typeof content === "string" ? content : saidIn({ content: content! })
          )
          assert.deepStrictEqual(texts, [...before, `end ${index}`])
        }

        // Whatever others added meanwhile, each went on from what it had read.
        for (const name of rounds.flatMap((round) => [`r0.${round}`, `w0.${round}`, `r1.${round}`, `w1.${round}`])) {
          const report = yield* Http.post(one, `/v1/sessions/session-${name}/verify`, {})
          assert.deepInclude(report.json as object, { status: "identical", skipped: [] }, report.text)
        }

        const rows = yield* Postgres.run(
          schema,
          "SELECT version::int AS version FROM events WHERE stream = $1 ORDER BY position",
          [`conversation/${conversation}`]
        )
        const versions = rows.map((row) => field(row, "version"))
        assert.deepStrictEqual(versions, versions.map((_, index) => index + 1))
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "given an item of the same id by both, then it is there once, and the other is refused",
    () =>
      Effect.gen(function*() {
        const { servers } = yield* given
        const conversation = idOf(yield* Http.post(servers[0]!, "/v1/conversations", {}))
        for (const round of Array.from({ length: 8 }, (_, index) => index)) {
          const id = `msg_same${round}`
          const answers = yield* Effect.all(
            servers.map((url) =>
              Http.post(url, `/v1/conversations/${conversation}/items`, {
                items: [{ type: "message", id, role: "user", content: url }]
              })
            ),
            { concurrency: "unbounded" }
          )
          assert.sameMembers(answers.map(({ status }) => status), [200, 400])
        }
        const [first, second] = yield* Effect.forEach(servers, (url) => itemsOf(url, conversation))
        assert.lengthOf(first!, 8)
        assert.deepStrictEqual(second, first)
      }).pipe(Effect.scoped),
    120_000
  )
})
