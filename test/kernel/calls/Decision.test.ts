/** What is decided by time or chance is recorded at its place, and taken from there in a verification. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Event from "../../../src/events/types/Event.ts"
import * as Decision from "../../../src/kernel/calls/Decision.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const Drawn = Event.define("test:drawn", {
  durability: "observation",
  description: "A number.",
  payload: Schema.Struct({ number: Schema.Int })
})

const Other = Event.define("test:other", { ...Drawn, level: "default" })

const placeOf = (nextId: string) => {
  const emitted: Array<unknown> = []
  const place: Decision.Place = {
    nextId,
    emit: (_, payload) => {
      emitted.push(payload)
      return nextId
    },
    repeat: (_, { payload }) => {
      emitted.push(JSON.parse(payload))
      return nextId
    }
  }
  return { emitted, place }
}

const live = Effect.succeed({ number: 1 })

describe("a decision", () => {
  it.effect("is made and recorded outside of a verification", () => {
    const { emitted, place } = placeOf("id")
    return Effect.map(Decision.make(place, Drawn, live), (decided) => {
      assert.deepStrictEqual(decided, { payload: { number: 1 }, event: "id" })
      assert.deepStrictEqual(emitted, [{ number: 1 }])
    })
  })

  it.effect("is made all the same where nobody records", () =>
    Effect.map(
      Decision.make(undefined, Drawn, live),
      (decided) => assert.deepStrictEqual(decided, { payload: { number: 1 }, event: undefined })
    ))

  it.effect("is no event where there is nothing to decide", () => {
    const { emitted, place } = placeOf("id")
    return Effect.map(Decision.make(place, Drawn, Effect.undefined), (decided) => {
      assert.isUndefined(decided)
      assert.deepStrictEqual(emitted, [])
    })
  })

  const event = recorded(Drawn, { payload: { number: 7 } })
  const broken = { ...event, payload: `{"number":"many"}` }

  it.effect.each([
    { name: "is the recorded one in a verification", at: event.id, found: event, number: 7 },
    { name: "is none where nothing was decided then", at: "elsewhere", found: event, number: undefined },
    {
      name: "is none where another event stands there",
      at: event.id,
      found: recorded(Other, { payload: { number: 7 } }),
      number: undefined
    },
    { name: "is none where the event was altered", at: event.id, found: broken, number: undefined }
  ])("$name", ({ at, found, number }) => {
    const { emitted, place } = placeOf(at)
    const asked = Decision.make(place, Drawn, Effect.die("nobody decides in a verification"))
    const events = (id: string) => id === event.id ? found : undefined
    return Effect.map(Effect.provideService(asked, Decision.RecordedDecisions, events), (decided) => {
      assert.strictEqual(decided?.payload.number, number)
      assert.strictEqual(emitted.length, number === undefined ? 0 : 1)
    })
  })
})
