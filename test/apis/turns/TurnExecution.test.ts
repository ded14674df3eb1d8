/** Turns of one session that are asked for at the same moment: one begins, here or on another server, and the other knows of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import type { HttpAnswer } from "../../support/Http.ts"
import { Http } from "../../support/Http.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"

const source = (path: string) => new URL(`../../../src/${path}`, import.meta.url).href

const toolsModule = `
import { Effect, Schema } from ${JSON.stringify(import.meta.resolve("effect"))}
import * as Tool from ${JSON.stringify(source("kernel/tools/Tool.ts"))}
import { CodeToolsOf } from ${JSON.stringify(source("providers/inline/code/CodeTools.ts"))}

const echo = Tool.make({
  name: "echo",
  description: "Says it.",
  input: Schema.Struct({ say: Schema.String }),
  execute: ({ say }) => Effect.succeed("echo " + say)
})
export const providers = [CodeToolsOf({ type: "inline::tools-of-test", description: "Tools.", tools: [echo] })]
`

/** The model takes a while, so that turns that are asked for at once are there at once. */
const slowModel = (request: ReceivedRequest) => {
  const answer = TurnWorld.chatModel(request)
  return answer?._tag === "Fixed" ? { ...answer, delay: "100 millis" } as const : answer
}

/** Two servers over one log. */
const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: slowModel, models: ["m"] })
  const schema = yield* Postgres.schema
  const configuration = JSON.stringify({
    storage: { type: "postgres", url: Redacted.value(Postgres.url), schema, pool_size: 4 },
    recording: { level: "raw" },
    providers: {
      inference: [{ provider_id: "upstream", provider_type: "remote::openai", config: { base_url: upstream.url } }],
      tool_runtime: [{ provider_id: "tools", provider_type: "inline::tools-of-test", module: "./Tools.ts" }]
    }
  })
  const start = Effect.gen(function*() {
    const folder = yield* TemporaryFolder.make
    writeFileSync(join(folder, "Tools.ts"), toolsModule)
    return yield* StrataProcess.serve({ folder, configuration })
  })
  const servers = yield* Effect.all([start, start], { concurrency: 2 })
  return { urls: servers.map(({ url }) => url), upstream }
})

const rounds = Array.from({ length: 8 }, (_, index) => index)

const asks = (input: string, more: Schema.JsonObject = {}) => ({
  model: "upstream/m",
  tool_groups: ["tools/tools"],
  input,
  ...more
})

const codeOf = ({ json }: HttpAnswer) => field(field(json, "error"), "code")

const all = <A>(effects: ReadonlyArray<Effect.Effect<A>>) => Effect.all(effects, { concurrency: "unbounded" })

const turnsOf = (url: string, session: string) =>
  Effect.map(Http.send(url, `/v1/sessions/${session}/turns`), ({ json }) => listOf(field(json, "data")))

const assertIdentical = Effect.fnUntraced(function*(url: string, session: string) {
  const report = yield* Http.post(url, `/v1/sessions/${session}/verify`, {})
  assert.deepInclude(report.json as object, { status: "identical", skipped: [] }, report.text)
})

describe.skipIf(Postgres.unsupported !== undefined)(
  "turns of one session that two servers are asked for at once",
  () => {
    it.live(
      "given a session that neither has, then one begins, the other is refused or begins behind it, and all verifies identical",
      () =>
        Effect.gen(function*() {
          const { upstream, urls } = yield* given
          for (const round of rounds) {
            const session = `s${round}`
            const path = `/v1/sessions/${session}/turns`
            const answers = yield* all(urls.map((url, index) => Http.post(url, path, asks(`call echo ${index}`))))
            const made = answers.filter(({ status }) => status === 200)
            const refused = answers.filter(({ status }) => status === 409)
            assert.strictEqual(made.length + refused.length, urls.length, answers.map(({ text }) => text).join("\n"))
            assert.isAtLeast(made.length, 1)
            assert.deepStrictEqual([...new Set(refused.map(codeOf))], refused.length === 0 ? [] : ["turn_in_progress"])
            assert.sameMembers(made.map(({ json }) => field(json, "number")), made.map((_, index) => index + 1))
            const turns = yield* turnsOf(urls[round % 2]!, session)
            assert.deepStrictEqual(turns.map((turn) => field(turn, "status")), made.map(() => "completed"))
            // The next goes on from each of them.
            const next = yield* Http.post(urls[round % 2]!, path, asks("on"))
            assert.strictEqual(next.status, 200, next.text)
            assert.lengthOf(listOf(field(upstream.received.at(-1)!.body, "messages")), 4 * made.length + 1)
            yield* assertIdentical(urls[0]!, session)
          }
        }).pipe(Effect.scoped),
      120_000
    )

    it.live(
      "given approvals that both are asked to take, then the last goes on with the turn, once, and one that is taken is no more",
      () =>
        Effect.gen(function*() {
          const { upstream, urls } = yield* given
          for (const round of rounds) {
            const session = `a${round}`
            const path = `/v1/sessions/${session}/turns`
            const waiting = yield* Http.post(
              urls[0]!,
              path,
              asks("call echo 1, echo 2", { approval: { require: "always" } })
            )
            const approvals = listOf(field(waiting.json, "approvals")).map((each) => String(field(each, "approval_id")))
            assert.lengthOf(approvals, 2, waiting.text)
            const turn = String(field(waiting.json, "id"))
            const before = upstream.received.length
            const answers = yield* all(
              urls.flatMap((url, index) => [
                Http.post(url, `${path}/${turn}/approvals/${approvals[index]!}`, { decision: "grant" }),
                ...round % 2 === 0
                  ? []
                  : [Http.post(url, `${path}/${turn}/approvals/${approvals[1 - index]!}`, { decision: "grant" })]
              ])
            )
            const taken = answers.filter(({ status }) => status === 200)
            assert.lengthOf(taken, 2, answers.map(({ text }) => text).join("\n"))
            assert.isTrue(answers.every(({ status }) => status === 200 || status === 409))
            assert.sameMembers(
              taken.map(({ json }) => field(json, "status")),
              ["requires_approval", "completed"],
              answers.map(({ text }) => text).join("\n")
            )
            assert.lengthOf(upstream.received.slice(before).filter(({ method }) => method === "POST"), 1)
            yield* assertIdentical(urls[1]!, session)
          }
        }).pipe(Effect.scoped),
      120_000
    )

    it.live(
      "given an approval and a cancellation at once, then the turn ends once, and its calls have one result each",
      () =>
        Effect.gen(function*() {
          const { upstream, urls } = yield* given
          for (const round of rounds) {
            const session = `c${round}`
            const path = `/v1/sessions/${session}/turns`
            const waiting = yield* Http.post(urls[0]!, path, asks("call echo 1", { approval: { require: "always" } }))
            const [approval] = listOf(field(waiting.json, "approvals"))
            const turn = String(field(waiting.json, "id"))
            const answers = yield* all([
              Http.post(urls[round % 2]!, `${path}/${turn}/approvals/${String(field(approval, "approval_id"))}`, {
                decision: "grant"
              }),
              Http.post(urls[1 - round % 2]!, `${path}/${turn}/cancel`, { mode: "graceful" })
            ])
            assert.isTrue(answers.every(({ status }) => status === 200 || status === 409), answers[0]!.text)
            const next = yield* Http.post(urls[0]!, path, asks("on"))
            assert.strictEqual(next.status, 200, next.text)
            const messages = listOf(field(upstream.received.at(-1)!.body, "messages"))
            assert.lengthOf(messages.filter((each) => field(each, "role") === "tool"), 1, JSON.stringify(messages))
            yield* assertIdentical(urls[1]!, session)
          }
        }).pipe(Effect.scoped),
      120_000
    )
  }
)

describe("turns of one session that one server is asked for at once", () => {
  it.live(
    "given other requests of the session between them, then each begins alone, and all verifies identical",
    () =>
      Effect.gen(function*() {
        const { ask, get, strata, verify } = yield* TurnWorld.given({ model: slowModel })
        const chat = (text: string) =>
          Http.post(
            strata.url,
            "/v1/chat/completions",
            { model: "upstream/m", messages: [{ role: "user", content: text }] },
            { "x-strata-session-id": TurnWorld.session }
          )
        for (const round of rounds.slice(0, 3)) {
          const answers = yield* all([
            ask(`call echo ${round}`),
            chat("one"),
            ask(`call echo ${round}`, { stream: true }),
            chat("two"),
            ask("three")
          ])
          assert.isTrue(answers.every(({ status }) => status === 200 || status === 409), answers[0]!.text)
          assert.isAtLeast(answers.filter(({ status }) => status === 200).length, 3)
        }
        const turns = listOf(field((yield* get()).json, "data"))
        assert.deepStrictEqual(turns.map((turn) => field(turn, "number")), turns.map((_, index) => index + 1))
        assert.isTrue(turns.every((turn) => field(turn, "status") === "completed"))
        assert.deepInclude(Object(yield* verify()), { status: "identical", skipped: [] })
      }).pipe(Effect.scoped),
    60_000
  )
})
