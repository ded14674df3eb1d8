import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { WorkStream } from "../../../src/kernel/work/WorkLease.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const reference = { tenant: "", workId: "one", stream: "poems/one" }
const ids = { work_id: "one", kind: "poem" }

const event = (type: string, payload: object) => draft({ type, payload: JSON.stringify({ ...ids, ...payload }) })
const submitted = event("work:submitted", { input: {}, principal: null })
const started = (attempt: number) => event("work:started", { attempt, runner: "r" })

describe("WorkStream", () => {
  it.effect("given what others append that does not concern it, when it appends, then it does all the same", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* hub.append(reference.stream, "none", [submitted])
      const stream = new WorkStream(hub, reference)
      yield* stream.refresh
      yield* hub.append(reference.stream, "any", [draft({ type: "api:request" }), event("work:cancel_requested", {})])
      const { version } = yield* stream.append([started(1)], (state) => state?.epoch === 0)
      assert.strictEqual(version, 4)
      assert.include(stream.state, { epoch: 4, cancelRequested: true })
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("given two that take it at once, then one of them has it and the other one wrote nothing", () =>
    Effect.gen(function*() {
      const hub = yield* EventHub
      yield* hub.append(reference.stream, "none", [submitted])
      const streams = [new WorkStream(hub, reference), new WorkStream(hub, reference)]
      yield* Effect.forEach(streams, ({ refresh }) => refresh)
      const taken = yield* Effect.forEach(
        streams,
        (stream) => Effect.result(stream.append([started(1)], (state) => state?.epoch === 0)),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(taken.map(({ _tag }) => _tag).sort(), ["Failure", "Success"])
      assert.strictEqual((yield* MemoryHub.events({ stream: reference.stream })).length, 2)
    }).pipe(Effect.provide(MemoryHub.layer)))
})
