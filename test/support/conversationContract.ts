/** What every adapter must do with conversations: whatever a body is stored as, it is read as it was sent. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { expand } from "../../src/events/facts/Expansion.ts"
import type { EventPart, ExchangePart, Fact } from "../../src/events/facts/Fact.ts"
import type { Appended, AppendRefused } from "../../src/events/log/EventLog.ts"
import { EventLog } from "../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import type { EventDraft, RecordedEvent } from "../../src/events/types/Envelope.ts"
import { tenants } from "./EventDrafts.ts"
import { answer, ofParts, Text, textOf } from "./Facts.ts"
import type { Adapter } from "./storeContract.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const stream = "session-s1"

const requestIdOf = (turn: number) => `0199aaaa-0000-7000-8000-${String(turn).padStart(8, "0")}0000`

/** A request as it was sent: what the client asked, at what time, and what the vendor got. */
export const asked = (turn: number, text: string, given: Partial<ExchangePart> = {}): Fact => {
  const request = { kind: "request", head: "\"method\":\"POST\"", time: turn, ...given } as const
  return {
    ...ofParts(
      answer(1, text, { ...request, type: "api:request" }),
      answer(3, text.replaceAll("\"upstream/m\"", "\"m\""), { ...request, type: "llm:request" })
    ),
    sessionId: "s1",
    requestId: requestIdOf(turn)
  }
}

const answered = (turn: number, text: string): Fact => ({
  ...ofParts(answer(5, text, { time: turn }), answer(7, text, { time: turn, type: "api:response" })),
  sessionId: "s1",
  requestId: requestIdOf(turn)
})

const filler = "what they say to each other is long enough. ".repeat(12)

/** Messages that differ from the first to the last. */
export const growing = (turns: number): ReadonlyArray<string> =>
  Array.from({ length: turns }, (_, turn) =>
    JSON.stringify({
      model: "upstream/m",
      messages: Array.from({ length: 2 * turn + 1 }, (_, index) => ({ content: `${index} ${index % 7}${filler}` }))
    }))

const Step = Schema.Struct({
  step: Schema.Literals([
    "say",
    "say",
    "say",
    "retry",
    "cut",
    "begin again",
    "edit",
    "prune raw",
    "prune debug",
    "restart"
  ]),
  /** Whose: they say the same in the same stream. */
  tenant: Schema.Literals(tenants),
  /** Of several that go on side by side. */
  conversation: between(0, 2),
  text: Text,
  /** What is pruned is older. */
  before: between(0, 30),
  hasAnswer: Schema.Boolean,
  isSplit: Schema.Boolean,
  /** Whether what is said stands in state events, too, and where. */
  states: Schema.Literals(["nowhere", "in its fact", "in a fact", "in a row", "everywhere"])
})

export interface Message {
  readonly role: string
  readonly content: string
}

/** What the messages of a conversation are, after a step. */
const next = (messages: ReadonlyArray<Message>, { step, text }: typeof Step.Type): ReadonlyArray<Message> => {
  const said = { role: "user", content: `${textOf(text)}${filler}` }
  switch (step) {
    case "say":
      return [...messages, said]
    case "cut":
      return [...messages.slice(0, 1), ...messages.slice(3), said]
    case "begin again":
      return [said]
    case "edit":
      return [{ role: "system", content: textOf(text) }, ...messages.slice(1)]
    default:
      return messages
  }
}

export const stateOf = (counter: number, messages: ReadonlyArray<Message>): EventPart => ({
  kind: "event",
  numbering: "request",
  counter,
  time: 3,
  causationId: null,
  type: "turn:start",
  schemaVersion: 1,
  payload: JSON.stringify({ messages })
})

/** What a request says again of its messages, in a stream of its own. */
export const rowOf = (turn: number, tenant: string, messages: ReadonlyArray<Message>): EventDraft => ({
  id: `0199bbbb-0000-7000-8000-${String(turn).padStart(12, "0")}`,
  type: "response:created",
  level: "default",
  schemaVersion: 1,
  time: 4,
  tenant,
  sessionId: null,
  parentSessionId: null,
  requestId: requestIdOf(turn),
  attempt: null,
  causationId: null,
  provider: null,
  principal: null,
  payload: JSON.stringify({ input: messages.slice(-2), output: messages.slice(0, 1) })
})

const readAll = Effect.flatMap(EventLog, (log) => log.read({ after: 0, limit: 10_000 }))

export const conversationContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} keeps conversations`, () => {
    it.effect("reads every turn as it was sent, from any place on, by id and in any order", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const expected: Array<RecordedEvent> = []
          for (const [turn, text] of growing(60).entries()) {
            const events = [asked(turn, text), answered(turn, text.slice(-300))]
            expected.push(...expand(events, { stream, version: expected.length + 1, position: expected.length + 1 }))
            yield* log.commit([{ stream, expectedVersion: "any", events }])
          }
          for (const after of [471, 3, 240, 0, 130]) {
            for (const limit of [1, 2, 9, 10_000]) {
              assert.deepStrictEqual(yield* log.read({ after, limit }), expected.slice(after, after + limit))
            }
          }
          for (const at of [470, 2, 233, 466, 90]) {
            assert.deepStrictEqual(yield* log.read({ after: 0, limit: 2, id: expected[at]!.id }), [expected[at]!])
          }
          for (const types of [["api:request:raw"], ["llm:*"], ["llm:request:debug"]]) {
            const wanted = expected.filter(({ type }) =>
              types[0] === type || (types[0] === "llm:*" && type.startsWith("llm:"))
            )
            assert.deepStrictEqual(
              yield* log.read({ after: 8, limit: 40, types }),
              wanted.filter(({ position }) => position > 8).slice(0, 40)
            )
          }
        }).pipe(Effect.provide(open()))
      }))

    it.effect("answers a turn that is appended again as the first time", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const appends = growing(9).map((text, turn) =>
            ({ stream, expectedVersion: "any", events: [asked(turn, text)] }) as const
          )
          const results: Array<Result.Result<Appended, AppendRefused>> = []
          for (const append of appends) results.push(...yield* log.commit([append]))
          const before = yield* readAll
          assert.deepStrictEqual(yield* log.commit(appends.slice(3)), results.slice(3))
          assert.deepStrictEqual(yield* readAll, before)
          // What comes with one that is refused is stored as well.
          const [, also] = yield* log.commit([
            { ...appends[8]!, stream: "elsewhere" },
            { stream, expectedVersion: "any", events: [asked(9, growing(10)[9]!)] }
          ])
          assert.isTrue(Result.isSuccess(also!))
          assert.deepStrictEqual(
            (yield* readAll).slice(36),
            expand([asked(9, growing(10)[9]!)], { stream, version: 37, position: 37 })
          )
        }).pipe(Effect.provide(open()))
      }))

    it.effect.each([
      { order: "the oldest first", timeOf: (turn: number) => turn },
      { order: "the newest first", timeOf: (turn: number) => 24 - turn },
      { order: "as it happens", timeOf: (turn: number) => (turn * 7) % 25 }
    ])(
      "goes on, and reads every turn that is left, while others are pruned: $order",
      ({ timeOf }) =>
        Effect.gen(function*() {
          const { open } = yield* database
          yield* Effect.gen(function*() {
            const log = yield* EventLog
            const retention = yield* PayloadRetention
            let expected: ReadonlyArray<RecordedEvent> = []
            const texts = growing(40)
            const say = Effect.fnUntraced(function*(turn: number, time: number) {
              const events = [asked(turn, texts[turn]!, { time })]
              const at = expected.length + 1
              expected = [...expected, ...expand(events, { stream, version: at, position: at })]
              yield* log.commit([{ stream, expectedVersion: "any", events }])
            })
            for (let turn = 0; turn < 25; turn++) yield* say(turn, timeOf(turn))
            for (let before = 1; before <= 25; before += 3) {
              for (const level of ["debug", "raw"] as const) {
                const size = yield* retention.size(level)
                const { bytes } = yield* retention.prune({ level, before, limit: 1000, now: 77 })
                assert.strictEqual(yield* retention.size(level), size - bytes)
                expected = expected.map((event) =>
                  event.level === level && event.prunedAt === undefined && event.time < before
                    ? { ...event, payload: "null", prunedAt: 77 }
                    : event
                )
                assert.deepStrictEqual(yield* readAll, expected)
              }
              yield* say(25 + (before - 1) / 3, 1000)
              assert.deepStrictEqual(yield* readAll, expected)
            }
          }).pipe(Effect.provide(open()))
        })
    )

    it.effect.prop("reads what was sent, however it was edited, and whatever is pruned of it", {
      steps: Schema.Array(Step).check(Schema.isMaxLength(30))
    }, ({ steps }) =>
      Effect.gen(function*() {
        const { open } = yield* database
        const conversations = new Map<number, ReadonlyArray<Message>>()
        let expected: ReadonlyArray<RecordedEvent> = []
        let turn = 0
        const take = Effect.fnUntraced(function*(given: typeof Step.Type) {
          const log = yield* EventLog
          const retention = yield* PayloadRetention
          if (given.step === "prune raw" || given.step === "prune debug") {
            const level = given.step === "prune raw" ? "raw" : "debug"
            const [size, before] = [yield* retention.size(level), given.before]
            const { bytes, events } = yield* retention.prune({ level, before, limit: 1000, now: 77 })
            const isGone = ({ level: of, prunedAt, time }: RecordedEvent) =>
              of === level && prunedAt === undefined && time < before
            assert.strictEqual(events, expected.filter(isGone).length)
            assert.strictEqual(yield* retention.size(level), size - bytes)
            expected = expected.map((event) => isGone(event) ? { ...event, payload: "null", prunedAt: 77 } : event)
          } else {
            const messages = next(conversations.get(given.conversation) ?? [], given)
            conversations.set(given.conversation, messages)
            const text = JSON.stringify({ model: "upstream/m", messages, temperature: 0.5 })
            // Times are not those of the positions: what is imported stands anywhere.
            const { tenant } = given
            const fact = { ...asked(turn, text, { time: (turn * 7) % 31 }), tenant }
            const [first, second] = fact.parts as [ExchangePart, ExchangePart]
            const { states } = given
            const inIts = states === "in its fact" || states === "everywhere" ? [stateOf(9, messages.slice(-1))] : []
            const inOther = states === "in a fact" || states === "everywhere"
              ? [{ ...fact, parts: [stateOf(10, messages)] }]
              : []
            const facts = given.isSplit
              ? [{ ...fact, parts: [first] }, { ...fact, parts: [second, ...inIts] }]
              : [{ ...fact, parts: [first, second, ...inIts] }]
            const events = given.hasAnswer
              ? [...facts, ...inOther, { ...answered(turn, text.slice(0, 400)), tenant }]
              : [...facts, ...inOther]
            const version = expected.filter((event) => event.tenant === tenant && event.stream === stream).length + 1
            expected = [...expected, ...expand(events, { stream, version, position: expected.length + 1 })]
            const rows = states === "in a row" || states === "everywhere" ? [rowOf(turn, tenant, messages)] : []
            const other = `response/${turn}`
            const place = { stream: other, version: 1, position: expected.length + 1 }
            expected = [...expected, ...expand(rows, place)]
            turn++
            yield* log.commit([
              { stream, expectedVersion: "any", events },
              ...rows.length === 0 ? [] : [{ stream: other, expectedVersion: "any" as const, events: rows }]
            ])
          }
          assert.deepStrictEqual(yield* readAll, expected)
        })
        let run: Array<typeof Step.Type> = []
        const runs = [run]
        for (const step of steps) {
          if (step.step !== "restart") run.push(step)
          else if (durable) runs.push(run = [])
        }
        for (const each of runs) yield* Effect.forEach(each, take).pipe(Effect.provide(open()), Effect.scoped)
      }).pipe(Effect.scoped), { arbitrary: { runs: 40 } })

    if (!durable) return

    it.effect("in linear space, and a restart costs one turn", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        const texts = growing(80)
        const hold = (turns: ReadonlyArray<string>, from: number) =>
          Effect.gen(function*() {
            const log = yield* EventLog
            for (const [turn, text] of turns.entries()) {
              yield* log.commit([{ stream, expectedVersion: "any", events: [asked(from + turn, text)] }])
            }
            return yield* (yield* PayloadRetention).size("raw")
          }).pipe(Effect.provide(open()))
        const unique = texts.at(-1)!.length
        const first = yield* hold(texts.slice(0, 50), 0)
        assert.isBelow(first, 3 * unique)
        const second = yield* hold(texts.slice(50), 50)
        assert.isBelow(second, 6 * unique)
      }))
  })
}
