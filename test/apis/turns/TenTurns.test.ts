import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"
import { verify } from "../../support/verify.ts"

/** Three tools side by side in nine turns, and one without; plain and streamed. */
const inputs = Array.from(
  { length: 10 },
  (_, index) => index === 3 ? "hello" : `call echo a${index}, shout b${index}, echo c${index}`
)

/** `slow`: what is said to the tools that take their time. */
const recorded = (slow: string) =>
  Effect.gen(function*() {
    const meanwhile = (say: string) => say.startsWith(slow) ? Effect.sleep("30 millis") : Effect.void
    const tools = [TurnWorld.echo("echo", meanwhile), TurnWorld.echo("shout", meanwhile)]
    const world = yield* TurnWorld.given({ tools })
    for (const [index, input] of inputs.entries()) {
      const { status, text } = yield* world.ask(input, { stream: index % 2 === 1 })
      assert.strictEqual(status, 200, text)
    }
    return world
  })

const turnsOf = (json: unknown) => Object(json).data as ReadonlyArray<Record<string, Schema.Json>>

const saidIn = (turns: ReadonlyArray<Record<string, Schema.Json>>) =>
  turns.map(({ output }) => JSON.stringify(output).replaceAll(/"producer_model":"[^"]*"/g, ""))

describe("A session of ten turns with tools side by side", () => {
  it.live("is recorded, and verified offline whichever tool is faster", () =>
    Effect.gen(function*() {
      const outputs: Array<unknown> = []
      for (const slow of ["a", "c"]) {
        const { claude, get, strata, types, upstream } = yield* recorded(slow)
        const turns = turnsOf((yield* get()).json)
        assert.deepStrictEqual(turns.map(({ status }) => status), inputs.map(() => "completed"))
        outputs.push(saidIn(turns))
        const requests = yield* strata.events({ types: ["tool:request"], sessionId: TurnWorld.session })
        const paths = requests.map((event) => String(field(payloadOf(event), "call")))
        assert.deepStrictEqual(
          paths.toSorted(),
          inputs.flatMap((_, index) => index === 3 ? [] : [1, 2, 3].map((n) => `step1/tool${n}/1`)).toSorted()
        )
        yield* Effect.all([strata.close, upstream.close, claude.close])
        for (let times = 0; times < 2; times++) {
          const report = { session: "s", requests: 10, skipped: [], divergence: undefined, around: [] }
          assert.deepStrictEqual(yield* verify(strata.folder, ["s"], [], types), [report])
        }
      }
      assert.deepStrictEqual(outputs[0], outputs[1])
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "is forked at turn five, and goes on with the model of a vendor of another dialect",
    () =>
      Effect.gen(function*() {
        const { ask, claude, get, strata, verify: check } = yield* recorded("none")
        const fork = yield* Http.post(strata.url, "/v1/sessions/s/fork", {
          turn: 5,
          session_id: "f",
          model: "anthropic/m"
        })
        assert.deepInclude(Object(fork.json), { turn: 5, next_path: "/v1/sessions/f/turns", open_tool_calls: [] })
        const inherited = turnsOf((yield* get("", "f")).json)
        assert.lengthOf(inherited, 5)
        const { json } = yield* ask("call shout z", { model: "anthropic/m" }, "f")
        assert.deepInclude(Object(json), { number: 6, status: "completed", model: "anthropic/m" })
        assert.include(JSON.stringify(Object(json).output), "Tools said shout z")
        const sent = claude.received.findLast(({ method }) => method === "POST")!
        // Four turns of four messages, one of two, the question, its call and its result.
        assert.lengthOf(Object(sent.body).messages, 4 * 4 + 2 + 3)
        assert.strictEqual(Object(yield* check("f")).status, "identical")
        assert.lengthOf(turnsOf((yield* get()).json), 10)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "is forked at a tool's result that is changed, and the loop goes on from there",
    () =>
      Effect.gen(function*() {
        const { get, post, strata, upstream, verify: check } = yield* recorded("none")
        const results = yield* strata.events({ types: ["turn:tool_results"], sessionId: TurnWorld.session })
        const at = results[4]!
        const [changed] = Object(payloadOf(at)).results
        const fork = yield* Http.post(strata.url, "/v1/sessions/s/fork", {
          position: at.position,
          session_id: "f",
          tool_results: { [changed.tool_call_id]: "something else" }
        })
        assert.deepInclude(Object(fork.json), {
          next_path: "/v1/sessions/f/turns",
          next_request: { model: "upstream/m" }
        })
        const asked = upstream.received.length
        const { json } = yield* post(Object(fork.json).next_request, "f")
        assert.deepInclude(Object(json), { status: "completed", iterations: 1 })
        assert.include(JSON.stringify(Object(json).output), "Tools said something else and shout b5 and echo c5")
        assert.lengthOf(upstream.received.slice(asked), 1)
        assert.strictEqual(Object(yield* check("f")).status, "identical")
        const parent = turnsOf((yield* get()).json)
        assert.include(JSON.stringify(parent[5]), "echo a5")
      }).pipe(Effect.scoped),
    60_000
  )
})
