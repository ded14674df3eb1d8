/** What is recorded of a request: at each level, under its ids, without secrets. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { mask, Secrets } from "../../../src/events/redaction/Redaction.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import * as Event from "../../../src/events/types/Event.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"
import { lineOfCall } from "../../../src/kernel/requests/EventSequence.ts"
import type { Options } from "../../../src/kernel/requests/Recording.ts"
import { Recording } from "../../../src/kernel/requests/Recording.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"

const Said = Schema.Struct({ text: Schema.String })
const description = "For tests."
const member = { description, payload: Said }
const Seen = Event.family("test:seen", { base: member, debug: member, raw: member })
const State = Event.define("test:state", { durability: "state", description, payload: Said })
const same: Event.Upcaster = (payload) => payload
const DebugState = Event.define("test:state:debug", {
  ...State,
  level: "debug",
  version: 3,
  upcasters: { 1: same, 2: same }
})

const make = (options: Partial<Options> = {}) =>
  Effect.map(Effect.all([EventHub, Clock.Clock]), ([hub, clock]) =>
    new Recording({
      hub,
      clock,
      requestId,
      sessionId: "s",
      parentSessionId: null,
      level: "raw",
      secrets: [],
      ...options
    }))

const emitAll = (recording: Recording) =>
  [Seen.base, Seen.debug, Seen.raw, State, DebugState].map((definition) =>
    recording.emit(definition, { text: definition.type })
  )

const levels: ReadonlyArray<readonly [level: Level, recorded: ReadonlyArray<string>]> = [
  ["default", ["test:seen", "test:state", "test:state:debug"]],
  ["debug", ["test:seen", "test:seen:debug", "test:state", "test:state:debug"]],
  ["raw", ["test:seen", "test:seen:debug", "test:seen:raw", "test:state", "test:state:debug"]]
]

describe("Recording", () => {
  for (const [level, recorded] of levels) {
    it.effect(`records observations up to ${level}, and state always, whole`, () =>
      Effect.gen(function*() {
        const recording = yield* make({ level })
        const ids = emitAll(recording)
        yield* recording.flush
        const events = yield* MemoryHub.events({ sessionId: "s" })
        assert.deepStrictEqual(events.map(({ type }) => type), recorded)
        assert.deepStrictEqual(events.map(payloadOf), recorded.map((text) => ({ text })))
        // The ids are those the events have at every level, so that recordings can be compared.
        assert.deepStrictEqual(ids, [1, 2, 3, 4, 5].map((number) => EventIds.nth(requestId, number)))
        assert.includeMembers(ids, events.map(({ id }) => id))
        assert.strictEqual(recording.levelOf(null), level)
      }).pipe(Effect.provide(MemoryHub.layer)))
  }

  it.effect("puts a request's events under its ids, at their time", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000)
      const recording = yield* make({ parentSessionId: "parent" })
      assert.strictEqual(recording.origin, recording.emit(Seen.base, { text: "first" }))
      yield* TestClock.adjust("5 millis")
      assert.strictEqual(recording.nextCall(), 1)
      recording.emit(DebugState, { text: "second" }, { causationId: recording.origin, provider: "p" })
      yield* recording.flush
      const common = { sessionId: "s", parentSessionId: "parent", requestId, stream: "session-s" }
      assert.deepStrictEqual(yield* MemoryHub.events({ sessionId: "s" }), [
        {
          ...draft({ id: EventIds.nth(requestId, 1), type: "test:seen", time: 1000, payload: "{\"text\":\"first\"}" }),
          ...common,
          version: 1,
          position: 1
        },
        {
          ...draft({ id: EventIds.nth(requestId, 2), type: "test:state:debug", level: "debug", schemaVersion: 3 }),
          ...common,
          time: 1005,
          causationId: recording.origin,
          provider: "p",
          payload: "{\"text\":\"second\"}",
          version: 2,
          position: 2
        }
      ])
      assert.strictEqual(recording.nextCall(), 2)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("has a stream of its own without a session", () =>
    Effect.gen(function*() {
      const recording = yield* make({ sessionId: null })
      recording.emit(Seen.base, { text: "" })
      yield* recording.commit
      const events = yield* MemoryHub.events({ requestId })
      assert.deepStrictEqual(events.map(({ sessionId, stream }) => [sessionId, stream]), [[
        null,
        `request-${requestId}`
      ]])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("hands over once what was emitted, in order with what was made elsewhere", () =>
    Effect.gen(function*() {
      const recording = yield* make()
      recording.add(draft({ type: "test:elsewhere", sessionId: "s" }))
      recording.emit(Seen.base, { text: "" })
      yield* recording.flush
      yield* recording.flush
      recording.emit(State, { text: "" })
      const { position, version } = yield* recording.commit
      const events = yield* MemoryHub.events({ sessionId: "s" })
      assert.deepStrictEqual(events.map(({ type }) => type), ["test:elsewhere", "test:seen", "test:state"])
      assert.deepStrictEqual({ position, version }, { position: 3, version: 3 })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("commits at a version of its stream, and where that is another has emitted nothing", () =>
    Effect.gen(function*() {
      const recording = yield* make()
      const others = yield* make({ requestId: "01a1fbed-d8cf-7225-a538-f92a689e0000" })
      others.emit(State, { text: "another's" })
      yield* others.commit
      recording.emit(State, { text: "before" })
      const emit = (text: string) => Effect.sync(() => recording.emit(State, { text }))
      const conflict = yield* Effect.flip(recording.commitAt(0, emit("in vain")))
      assert.deepInclude({ ...conflict }, { _tag: "VersionConflict", actual: 1 })
      const id = yield* recording.commitAt(1, emit("behind"))
      assert.strictEqual(id, EventIds.nth(requestId, 2))
      yield* recording.commit
      const texts = (yield* MemoryHub.told({ sessionId: "s" })).map(([, payload]) => Object(payload).text)
      assert.deepStrictEqual(texts, ["another's", "before", "behind"])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("masks secrets at every level, and digests what is stored", () =>
    Effect.gen(function*() {
      const [configured, sent] = [new Secrets(), new Secrets()]
      configured.add("sk-configured-1")
      sent.add("sk-sent-2")
      const recording = yield* make({ secrets: [configured, sent] })
      for (const definition of [Seen.base, Seen.debug, State]) {
        recording.emit(definition, { text: "a sk-configured-1 b sk-sent-2 c" })
      }
      const [body, untouched] = ["sk-sent-2 in a body", "nothing in a body"]
      recording.emitText(Seen.raw, JSON.stringify({ body, sha256: sha256(body) }))
      recording.emitText(Seen.raw, JSON.stringify({ body: untouched, sha256: sha256(untouched) }))
      yield* recording.flush
      const masked = { text: `a ${mask} b ${mask} c` }
      const stored = `${mask} in a body`
      assert.deepStrictEqual((yield* MemoryHub.events({ sessionId: "s" })).map(payloadOf), [
        masked,
        masked,
        masked,
        { body: stored, sha256: sha256(stored) },
        { body: untouched, sha256: sha256(untouched) }
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("keeps the words of its definition, whoever sent them as a secret, however it is emitted", () =>
    Effect.gen(function*() {
      const sent = new Secrets()
      for (const secret of ["duration_ms", "one-of-1", "client-word-1"]) sent.add(secret)
      const Timed = Event.define("test:timed", {
        durability: "observation",
        description,
        payload: Schema.Struct({ duration_ms: Schema.Finite, kind: Schema.Literal("one-of-1"), text: Schema.String })
      })
      const recording = yield* make({ secrets: [sent] })
      const payload = { duration_ms: 1, kind: "one-of-1" as const, text: "a one-of-1, client-word-1" }
      recording.emit(Timed, payload)
      recording.emitText(Timed, JSON.stringify(payload))
      recording.emitText(Timed, JSON.stringify({ ...payload, text: "client-word-1" }), {
        isOwn: (word) => word === "client-word-1"
      })
      yield* recording.flush
      const masked = { ...payload, text: `a ${mask}, ${mask}` }
      assert.deepStrictEqual<unknown>((yield* MemoryHub.events({ sessionId: "s" })).map(payloadOf), [
        masked,
        masked,
        { ...payload, text: "client-word-1" }
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("waits at its commit for what it appends to other streams, and fails where that failed", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      const recording = yield* make()
      const branch = recording.branch("step1")
      const beside = (version: "none" | "any", id: string) =>
        branch.beside(hub.append("response/resp_1", version, [draft({ type: "test:state", id })]))
      yield* beside("none", "0199bbbb-0000-7000-8000-000000000001")
      recording.emit(State, { text: "said" })
      yield* recording.commit
      const [kept] = yield* MemoryHub.events({ stream: "response/resp_1" })
      const [said] = yield* MemoryHub.events({ sessionId: "s" })
      assert.strictEqual(kept!.position + 1, said!.position)
      yield* beside("none", "0199bbbb-0000-7000-8000-000000000002")
      assert.strictEqual((yield* Effect.flip(recording.commit))._tag, "VersionConflict")
      yield* recording.commit
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("counts in a branch by itself: what it gives its events and calls does not depend on others", () =>
    Effect.gen(function*() {
      /** What two branches emit, in either order. */
      const idsOf = (order: ReadonlyArray<string>) =>
        Effect.gen(function*() {
          const recording = yield* make()
          const branches = new Map(["tool1", "tool2"].map((name) => [name, recording.branch(`step1/${name}`)]))
          const ids = order.map((name) => {
            const branch = branches.get(name)!
            const path = branch.pathOf(branch.nextCall())
            return [path, branch.emit(Seen.base, { text: name }), recording.sequenceOf(path, 1, "p").nextId] as const
          })
          recording.emit(Seen.base, { text: "root" })
          yield* recording.commit
          return { recording, ids: ids.toSorted(([one], [other]) => one.localeCompare(other)) }
        })
      const { ids, recording } = yield* idsOf(["tool1", "tool2", "tool1"])
      assert.deepStrictEqual(ids.map(([path]) => path), ["step1/tool1/1", "step1/tool1/2", "step1/tool2/1"])
      assert.strictEqual(new Set(ids.flatMap(([, ...each]) => each)).size, 6)
      assert.strictEqual(recording.nextCall(), 1)
      const events = yield* MemoryHub.events({ sessionId: "s" })
      assert.deepStrictEqual(events.map((event) => Object(payloadOf(event)).text), ["tool1", "tool2", "tool1", "root"])
      assert.deepStrictEqual(events.map(({ id }) => id), [
        ...[ids[0]!, ids[2]!, ids[1]!].map(([, id]) => id),
        recording.origin
      ])
      assert.isTrue(events.every((event) => event.requestId === requestId && event.attempt === null))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("numbers the same in branches whichever is faster", () =>
    Effect.gen(function*() {
      const pathsBy = (order: ReadonlyArray<string>) =>
        Effect.map(make(), (recording) => {
          const branches = new Map(["a", "b"].map((name) => [name, recording.branch("step1").branch(name)]))
          return order.map((name) => {
            const branch = branches.get(name)!
            return `${branch.line} ${branch.pathOf(branch.nextCall())} ${branch.emit(State, { text: name })}`
          }).toSorted()
        })
      assert.deepStrictEqual(yield* pathsBy(["a", "b", "b"]), yield* pathsBy(["b", "b", "a"]))
      assert.strictEqual(lineOfCall(requestId, "step1/a/2.1"), (yield* make()).branch("step1").branch("a").line)
      assert.strictEqual(lineOfCall(requestId, "2.1"), (yield* make()).line)
    }).pipe(Effect.provide(MemoryHub.layer)))
})
