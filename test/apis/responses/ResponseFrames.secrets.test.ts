/** A secret that a model says in a stream, in one piece or in several, first or later: the log has none of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const key = "sk-proj-4f9c1e7ab2d05836c7e1"

const chunk = (content: string | undefined, finish_reason: string | null = null) => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: content === undefined ? {} : { content }, finish_reason }]
})

const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["in the first piece", [`The key is ${key}.`, " So it is."]],
  ["in a later piece", ["The key is this:", ` ${key}`, " So it is."]],
  ["in pieces", ["The key is this: ", key.slice(0, 9), key.slice(9, 17), key.slice(17), " So it is."]],
  ["escaped", ["The key is \"this\":\n", `"${key}"\n`, "\\ So it is."]]
]

/** What a client gets of a vendor that says these pieces, and the server that recorded it. */
const streamed = Effect.fnUntraced(function*(pieces: ReadonlyArray<string>) {
  const respond = () => ScriptedAnswer.events([...pieces.map((piece) => chunk(piece)), chunk(undefined, "stop")])
  const upstream = yield* FakeUpstream.make({ respond, models: ["m"] })
  const strata = yield* Strata.make({ level: "raw", providers: [Strata.openAi(upstream)] })
  const { text } = yield* Http.post(strata.url, "/v1/responses", {
    model: "upstream/m",
    input: "Which key?",
    stream: true
  })
  return { strata, text }
})

describe("a secret in the stream of a response over chat", () => {
  it.live.each(cases)("is not in the log: %s", ([, pieces]) =>
    Effect.gen(function*() {
      const { strata, text } = yield* streamed(pieces)
      assert.include(text, "So it is.")
      const events = yield* strata.events({})
      const payloads = events.map((event) => JSON.stringify(payloadOf(event)))
      const raw = payloads[events.findLastIndex(({ type }) => type === "api:response:raw")]
      assert.include(raw, "response.output_text.delta")
      for (const payload of payloads) {
        assert.notInclude(payload, key)
        assert.notInclude(payload, key.slice(9, 17))
      }
    }).pipe(Effect.scoped))

  it.live("that holds none is in the log as its client got it", () =>
    Effect.gen(function*() {
      const { strata, text } = yield* streamed(["It is", " not mine."])
      const raw = (yield* strata.events({ types: ["api:response:raw"] })).at(-1)
      const { frames } = Object(payloadOf(raw!))
      assert.strictEqual(frames.map(([, frame]: readonly [number, string]) => frame).join(""), text)
    }).pipe(Effect.scoped))
})
