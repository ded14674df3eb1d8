/** The conversation behind a response: what is read for it, by how many responses there were. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as ResponseEvents from "../../../src/apis/responses/ResponseEvents.ts"
import { ResponseKind } from "../../../src/apis/responses/ResponseKind.ts"
import * as ResponseStore from "../../../src/apis/responses/ResponseStore.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { AccessControl } from "../../../src/kernel/access/AccessControl.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"

const layer = AccessControl.layer(AccessPolicy.open).pipe(
  Layer.provideMerge(EventHub.layer()),
  Layer.provideMerge(MemoryStore.layerOf([ResponseKind.projection]))
)

const message = (role: string, text: string) => ({ type: "message", role, content: text })

/** Keeps a chain of responses, each of which names the one before. */
const keepChain = Effect.fnUntraced(function*(store: ResponseStore.ResponseStore, count: number) {
  for (let at = 1; at <= count; at++) {
    yield* store.documents.create(`resp_${at}`, (owner) =>
      Effect.map(
        Documents.draft(ResponseEvents.Created, {
          response: `resp_${at}`,
          owner,
          created_at: at,
          request: { model: "m" },
          previous: at === 1 ? null : `resp_${at - 1}`,
          conversation: null,
          input: [message("user", `question ${at}`)],
          end: {
            status: "completed",
            output: [message("assistant", `answer ${at}`)],
            usage: null,
            error: null,
            incomplete_details: null,
            completed_at: at
          }
        }),
        (draft) => [draft]
      ))
  }
})

/** The store over a log that counts how often its events are read. */
const counting = Effect.gen(function*() {
  const hub = yield* EventHub
  const reads = { count: 0 }
  const counted = EventHub.of({
    ...hub,
    read: (filter) => {
      reads.count++
      return hub.read(filter)
    }
  })
  const store = yield* Effect.provideService(ResponseStore.make, EventHub, counted)
  return { reads, store }
})

describe("what a response says in the background", () => {
  const event = (definition: { readonly type: string }, payload: unknown, onRead: () => void = () => undefined) => ({
    type: definition.type,
    get payload() {
      onRead()
      return JSON.stringify(payload)
    }
  } as RecordedEvent)
  const created = event(ResponseEvents.Created, { response: "resp_1", input: [], end: null })
  const streamed = (attempt: number, number: number, onRead?: () => void) =>
    event(ResponseEvents.Streamed, { response: "resp_1", attempt, events: [{ sequence_number: number }] }, onRead)

  it("given many slices, then each is read once, and what was said stands where it stood", () => {
    let reads = 0
    const fold = new ResponseStore.ContentFold()
    fold.add(streamed(1, 0))
    assert.isUndefined(fold.content)
    fold.add(created)
    fold.add(streamed(1, 0))
    const { events } = fold.content!
    for (let at = 1; at <= 100; at++) {
      fold.add(streamed(1, at, () => void reads++))
      assert.strictEqual(fold.content!.events, events)
    }
    assert.strictEqual(reads, 100)
    assert.deepStrictEqual(events.map((each) => each["sequence_number"]), Array.from({ length: 101 }, (_, at) => at))
  })

  it("given a further attempt, then what it says stands alone", () => {
    const fold = new ResponseStore.ContentFold()
    for (const each of [created, streamed(1, 0), streamed(1, 1), streamed(2, 0)]) fold.add(each)
    assert.deepStrictEqual(fold.content?.events, [{ sequence_number: 0 }])
  })
})

describe("the conversation behind a response", () => {
  it.effect("given that it was gone on from before, then one response is read for the next, at the 2nd as at the 200th", () =>
    Effect.gen(function*() {
      const { reads, store } = yield* counting
      yield* keepChain(store, 200)
      const costs: Array<number> = []
      for (const at of [1, 2, 3, 199, 200]) {
        if (at === 199) yield* store.chain("resp_198")
        const before = reads.count
        const { messages } = yield* store.chain(`resp_${at}`)
        assert.lengthOf(yield* messages, 2 * at)
        costs.push(reads.count - before)
      }
      assert.deepStrictEqual(costs.slice(1), costs.slice(1).map(() => costs[1]))
    }).pipe(Effect.provide(layer)))

  it.effect("given that nothing is remembered, as after a restart, then all are read together, and once", () =>
    Effect.gen(function*() {
      const { reads, store } = yield* counting
      yield* keepChain(store, 300)
      const before = reads.count
      const { items } = yield* store.chain("resp_300")
      assert.deepStrictEqual(
        items.map(({ content }) => content),
        Array.from({ length: 300 }, (_, at) => [`question ${at + 1}`, `answer ${at + 1}`]).flat()
      )
      assert.isAtMost(reads.count - before, 3)
      yield* store.chain("resp_300")
      assert.isAtMost(reads.count - before, 3)
    }).pipe(Effect.provide(layer)))

  it.effect("given a response in its middle that is deleted, then it is not there, also where it was remembered", () =>
    Effect.gen(function*() {
      const { store } = yield* counting
      yield* keepChain(store, 3)
      yield* store.chain("resp_3")
      yield* store.documents.change(
        "resp_2",
        "delete",
        () => Effect.map(Documents.draft(ResponseEvents.Deleted, { response: "resp_2" }), (draft) => [draft])
      )
      yield* store.forget
      const failure = yield* Effect.flip(store.chain("resp_3"))
      assert.deepInclude(failure as object, { _tag: "DocumentNotFound", id: "resp_2" })
    }).pipe(Effect.provide(layer)))
})
