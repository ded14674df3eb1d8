/** Whatever is forked from whatever: a session's state is the fold of all that led to it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import * as LineageState from "../../../src/kernel/sessions/LineageState.ts"
import { Ended } from "../../../src/kernel/sessions/SessionEvents.ts"
import * as SessionLineage from "../../../src/kernel/sessions/SessionLineage.ts"
import { Sessions } from "../../../src/kernel/sessions/Sessions.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as SessionsOverLog from "../../support/Sessions.ts"

const services = SessionsOverLog.layer.pipe(Layer.provideMerge(MemoryHub.layer))

const share = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999 }))
/** `of` chooses a session, `at` one of its positions, both in thousandths of what there is. */
const Step = Schema.Struct({ act: Schema.Literals(["turn", "turn", "half", "fork", "end"]), of: share, at: share })
type Step = typeof Step.Type

const pick = <A>(items: ReadonlyArray<A>, thousandths: number): A =>
  items[Math.floor(thousandths * items.length / 1000)]!

const eventsOf = (sessionId: string, n: number, answered: boolean) => {
  const requestId = `request-${n}`
  const make = (definition: { readonly type: string; readonly level: "default" | "debug" | "raw" }, payload: unknown) =>
    draft({
      sessionId,
      requestId,
      type: definition.type,
      level: definition.level,
      payload: JSON.stringify(payload)
    })
  const operation = "createChatCompletion"
  const asked = [
    make(ApiEvents.Request.base, { operation, payload: { model: "p/m" } }),
    make(ApiEvents.Request.raw, { body: JSON.stringify({ model: "p/m", messages: [{ role: "user", content: n }] }) })
  ]
  return answered
    ? [
      ...asked,
      make(ApiEvents.Response.base, { operation }),
      make(ApiEvents.Response.raw, { body: JSON.stringify({ choices: [{ message: { content: `answer ${n}` } }] }) })
    ]
    : asked
}

const append = (sessionId: string, events: ReadonlyArray<ReturnType<typeof draft>>) =>
  EventHub.use((hub) => hub.append(streamOf(sessionId), "any", events))

const ownEvents = (sessionId: string) => MemoryHub.events({ sessionId })

/** Runs the steps beside a plain account of what each session inherits. */
const run = Effect.fnUntraced(function*(steps: ReadonlyArray<Step>) {
  const inherited = new Map<string, ReadonlyArray<RecordedEvent>>([["root", []]])
  const sessions = yield* Sessions
  yield* sessions.join("root")
  for (const [n, { act, at, of }] of steps.entries()) {
    const sessionId = pick([...inherited.keys()], of)
    if (act === "turn" || act === "half") {
      yield* append(sessionId, eventsOf(sessionId, n, act === "turn"))
    } else if (act === "end") {
      yield* append(sessionId, [draft({ sessionId, type: Ended.type, payload: `{"status":"completed"}` })])
    } else {
      const timeline = [...inherited.get(sessionId)!, ...yield* ownEvents(sessionId)]
      const { position } = pick(timeline, at)
      yield* sessions.fork(sessionId, { position, session_id: `fork-${n}` })
      inherited.set(`fork-${n}`, timeline.filter((event) => event.position <= position))
    }
  }
  return inherited
})

describe("SessionLineage", () => {
  it.effect.prop(
    "of any forks of forks gives each the fold of its own past",
    { steps: Schema.Array(Step).check(Schema.isMaxLength(40)) },
    ({ steps }) =>
      Effect.gen(function*() {
        const hub = yield* EventHub
        const inherited = yield* run(steps)
        for (const [sessionId, past] of inherited) {
          const timeline = [...past, ...yield* ownEvents(sessionId)]
          const links = yield* SessionLineage.load(hub, sessionId)
          const { events } = yield* SessionLineage.events(hub, links)
          assert.deepStrictEqual(events.map(({ position }) => position), timeline.map(({ position }) => position))
          for (const { position } of [timeline[0]!, pick(timeline, 500), timeline.at(-1)!]) {
            const upTo = timeline.filter((event) => event.position <= position)
            const { state } = yield* LineageState.load(hub, apis.dialects, sessionId, position)
            const answered = upTo.filter(({ type }) => type === ApiEvents.Response.raw.type)
            assert.deepStrictEqual(
              state.turns.map(({ request_id }) => request_id),
              answered.map(({ requestId }) => requestId)
            )
            assert.strictEqual(
              state.request_count,
              upTo.filter(({ type }) => type === ApiEvents.Request.base.type).length
            )
            assert.deepStrictEqual(state, LineageState.fold(apis.dialects, sessionId, upTo, position).state)
          }
        }
      }).pipe(Effect.provide(services, { local: true })),
    { arbitrary: { runs: 80, size: 40 } }
  )
})
