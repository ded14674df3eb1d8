/** What a person reads of a request that was not recorded. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as RequestKey from "../../../../src/kernel/replay/RequestKey.ts"
import * as MissExplanation from "../../../../src/providers/inline/replay/MissExplanation.ts"

const say = (content: string, more: Schema.JsonObject = {}): Schema.JsonObject => ({
  model: "m",
  messages: [{ role: "user", content }],
  ...more
})
const long = "x".repeat(500)

const candidate = (body: Schema.JsonObject | string, name = "1") => ({
  requestId: `request-${name}`,
  sessionId: `session-${name}`,
  body: typeof body === "string" ? body : JSON.stringify(body)
})

const rows: ReadonlyArray<{
  readonly name: string
  readonly recorded: ReadonlyArray<Schema.JsonObject | string>
  readonly asked: Schema.JsonObject | string
  readonly told: string
}> = [
  { name: "no recording at all", recorded: [], asked: say("a"), told: "nothing is recorded yet" },
  {
    name: "another text",
    recorded: [say("a")],
    asked: say("b"),
    told: `1 differs in one place: messages.0.content: recorded "a", asked "b"`
  },
  {
    name: "the nearest of several",
    recorded: [say("a", { user: "ada" }), say("b"), say("c")],
    asked: say("b", { user: "ada" }),
    told: `1 differs in one place: messages.0.content: recorded "a", asked "b"`
  },
  {
    name: "something more, and something less",
    recorded: [say("a", { temperature: 0 })],
    asked: say("a", { top_p: 1 }),
    told: "1 differs in 2 places: temperature: recorded 0, asked nothing; top_p: recorded nothing, asked 1"
  },
  {
    name: "a stream where none was recorded",
    recorded: [say("a", { stream: false })],
    asked: say("a", { stream: true }),
    told: "1 differs in one place: stream: recorded nothing, asked true"
  },
  {
    name: "one place beside what makes no difference",
    recorded: [`{"model":"m","messages":[],"temperature":0.0,"stop":null,"n":1}`],
    asked: `{"n":2,"temperature":-0,"messages":[],"model":"m"}`,
    told: "1 differs in one place: n: recorded 1, asked 2"
  },
  {
    name: "long numbers",
    recorded: [`{"model":"m","seed":12345678901234567890}`],
    asked: `{"model":"m","seed":12345678901234567891}`,
    told: `1 differs in one place: seed: recorded "12345678901234567890", asked "12345678901234567891"`
  },
  {
    name: "the first three of many places",
    recorded: [say("a", { n: 1, seed: 1, top_p: 1 })],
    asked: say("b", { n: 2, seed: 2, top_p: 2 }),
    told:
      `1 differs in 4 places: messages.0.content: recorded "a", asked "b"; n: recorded 1, asked 2; seed: recorded 1, asked 2`
  },
  {
    name: "one message more",
    recorded: [say("a")],
    asked: { model: "m", messages: [{ role: "user", content: "a" }, { role: "user", content: "b" }] },
    told: `1 differs in one place: messages.1: recorded nothing, asked {"role":"user","content":"b"}`
  },
  {
    name: "a difference far inside a long text",
    recorded: [say(`${long} ends here`)],
    asked: say(`${long} ends there`),
    told:
      `1 differs in one place: messages.0.content: recorded …"xxxxxxxxxxxxxx ends here", asked …"xxxxxxxxxxxxxx ends there"`
  },
  {
    name: "a long value, cut",
    recorded: [say("a")],
    asked: say(long),
    told: `1 differs in one place: messages.0.content: recorded "a", asked "${"x".repeat(119)}…`
  },
  {
    name: "a body that is no JSON",
    recorded: [say("a")],
    asked: "hello",
    told:
      `1 differs in one place: the body: recorded {"model":"m","messages":[{"role":"user","content":"a"}]}, asked "hello"`
  }
]

describe("MissExplanation", () => {
  it.each(rows)("tells $name", ({ asked, recorded, told }) => {
    const candidates = recorded.map((body, index) => candidate(body, String(index + 1)))
    const text = MissExplanation.text(candidates, typeof asked === "string" ? asked : JSON.stringify(asked))
    const head = "the nearest recording (session session-1, request request-1)"
    const expected = recorded.length === 0 ? told : `${head} ${told.slice(2)}`
    assert.strictEqual(text, expected)
  })

  it("chooses few of many to compare, the most like first, and of equals the newest", () => {
    const recent = Array.from({ length: 200 }, (_, index) => ({
      recorded: {
        key: "",
        sessionId: "",
        requestId: String(index),
        attempt: 1,
        model: "m",
        asked: 1000 - index,
        answered: 1000,
        failed: undefined,
        run: 0,
        replayed: false
      },
      features: RequestKey.outline(JSON.stringify(say(`text ${index}`, index === 150 ? { user: "ada" } : {}))).features
    }))
    const chosen = MissExplanation.nearest(recent, JSON.stringify(say("text", { user: "ada" })))
    assert.deepStrictEqual(chosen.map(({ recorded }) => recorded.requestId), ["150", "0", "1", "2", "3"])
  })
})
