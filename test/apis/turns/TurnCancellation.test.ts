import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber } from "effect"
import type { Schema } from "effect"
import { request } from "node:http"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as FiberCount from "../../support/FiberCount.ts"
import { contributed } from "../../support/HookedStrata.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"

type World = Effect.Success<ReturnType<typeof TurnWorld.given>>

/** Who leaves closes its connection; who cancels says so. */
type Cancel = "graceful" | "immediate" | "leaves"

/** Where a turn stands when it is cancelled. */
interface Phase {
  readonly name: string
  readonly cancels: ReadonlyArray<Cancel>
  readonly input?: string
  readonly settings?: Schema.JsonObject
  /** What is in its way: `reached` is said when it is there, `released` when it may go on. */
  readonly world: (gate: Gate) => TurnWorld.Options
  readonly reached: (gate: Gate, world: World, text: () => string) => Effect.Effect<void>
  /** The vendor is asked when it is cancelled: at once it is left alone. */
  readonly asking?: boolean
  /** Calls whose results are kept where it is graceful. */
  readonly kept?: ReadonlyArray<string>
}

interface Gate {
  readonly reached: Deferred.Deferred<void>
  readonly released: Deferred.Deferred<void>
  /** Tools that run. */
  running: number
}

const live = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

const awaitTrue = (what: string, isTrue: () => boolean): Effect.Effect<void> =>
  Effect.sleep("5 millis").pipe(
    Effect.repeat({ until: isTrue }),
    Effect.timeoutOrElse({ duration: "8 seconds", orElse: () => Effect.die(new Error(`waited for ${what}`)) }),
    Effect.asVoid,
    live
  )

const waiting = (gate: Gate) => Effect.andThen(Deferred.succeed(gate.reached, undefined), Deferred.await(gate.released))

/** Tools that wait where they are told `wait`. */
const gated = (gate: Gate, more = {}) =>
  TurnWorld.echo("echo", (say) =>
    Effect.acquireUseRelease(
      Effect.sync(() => gate.running++),
      () => say === "wait" ? waiting(gate) : Effect.void,
      () => Effect.sync(() => gate.running--)
    ), more)

const isReached = ({ reached }: Gate) => Deferred.await(reached)

const asked = (times: number) => (_: Gate, { upstream }: World) => upstream.awaitReceived(times)

/** The vendor thinks for a while, in its nth answer. */
const thinks = (times: number) => (): TurnWorld.Options => {
  let count = 0
  return {
    model: (request: ReceivedRequest) => {
      const answer = TurnWorld.chatModel(request)
      return ++count === times && answer?._tag === "Fixed" ? { ...answer, delay: "300 millis" } : answer
    }
  }
}

/** The vendor stops in the middle of its stream. */
const stopsAfter = (frames: number) => (): TurnWorld.Options => ({
  model: (request: ReceivedRequest) => {
    const answer = TurnWorld.chatModel(request)
    return answer?._tag === "Frames" ? { ...answer, frames: answer.frames.slice(0, frames), hold: true } : answer
  }
})

const hooked = (pattern: string) => (gate: Gate): TurnWorld.Options => ({
  tools: [gated(gate)],
  extensions: contributed([{ name: "gate", pattern, timeout: "20 seconds", handler: () => waiting(gate) }])
})

const phases: ReadonlyArray<Phase> = [
  {
    name: "before the first call",
    cancels: ["graceful", "immediate", "leaves"],
    world: hooked("prompt:submit"),
    reached: isReached
  },
  {
    name: "while the vendor thinks",
    cancels: ["graceful", "immediate", "leaves"],
    world: thinks(1),
    reached: asked(1),
    asking: true
  },
  {
    name: "midway in a stream",
    cancels: ["immediate", "leaves"],
    settings: { stream: true },
    world: stopsAfter(2),
    reached: (_, __, text) => awaitTrue("a word", () => text().includes("content_block.delta")),
    asking: true
  },
  {
    name: "between the frames of a tool's call",
    cancels: ["immediate", "leaves"],
    input: "call echo 1, echo 2",
    settings: { stream: true },
    world: stopsAfter(2),
    reached: (_, __, text) => awaitTrue("a call", () => text().includes("call_1_1")),
    asking: true
  },
  {
    name: "before a tool runs",
    cancels: ["graceful", "immediate"],
    input: "call echo 1",
    world: hooked("tool:pre"),
    reached: isReached
  },
  {
    name: "while one of three tools runs",
    cancels: ["graceful", "immediate", "leaves"],
    input: "call echo 1, echo wait, echo 3",
    world: (gate) => ({ tools: [gated(gate)] }),
    reached: isReached,
    kept: ["call_1_1", "call_1_2", "call_1_3"]
  },
  {
    name: "while a tool runs and others have not begun",
    cancels: ["graceful", "immediate"],
    input: "call echo wait, echo 2, echo 3",
    settings: { max_parallel_tools: 1 },
    world: (gate) => ({ tools: [gated(gate)] }),
    reached: isReached,
    kept: ["call_1_1"]
  },
  {
    name: "while a tool's result is looked at",
    cancels: ["graceful", "immediate"],
    input: "call echo 1",
    world: hooked("tool:response"),
    reached: isReached
  },
  {
    name: "while the vendor thinks about results",
    cancels: ["graceful", "immediate", "leaves"],
    input: "call echo 1",
    world: thinks(2),
    reached: asked(2),
    asking: true,
    kept: ["call_1_1"]
  },
  {
    name: "in an approval that is waited for",
    cancels: ["graceful", "immediate", "leaves"],
    input: "call echo 1",
    settings: { approval: { require: "always", timeout_seconds: 60 } },
    world: (gate) => ({ tools: [gated(gate)] }),
    reached: (_, { strata }) => Effect.asVoid(strata.awaitEvents({ types: ["approval:required"] }))
  },
  {
    name: "during compaction",
    cancels: ["immediate", "leaves"],
    input: "call echo 2",
    settings: { compaction: { max_context_tokens: 40, strategy: "summarize" } },
    world: thinks(3),
    reached: asked(3),
    asking: true
  }
]

const path = `/v1/sessions/${TurnWorld.session}/turns`

/** A turn whose client can leave. */
const opened = Effect.fnUntraced(function*(url: string, body: Schema.JsonObject) {
  let text = ""
  const { hostname, port } = new URL(url)
  const headers = { "content-type": "application/json" }
  const answer = Effect.callback<void>((resume) => {
    const sent = request({ hostname, port, path, method: "POST", headers, agent: false }, (response) => {
      response.on("data", (part: Buffer) => {
        text += part.toString("utf8")
      })
      response.once("end", () => resume(Effect.void))
    })
    sent.on("error", (error) => resume(Effect.die(error)))
    sent.end(JSON.stringify(body))
    return Effect.sync(() => void sent.destroy())
  })
  const fiber = yield* Effect.forkChild(answer)
  return { fiber, text: () => text }
})

const turnIn = (text: string): Record<string, unknown> => {
  const last = text.trimEnd().split("\n").at(-1)!
  return last.startsWith("data: ") ? JSON.parse(last.slice(6)).turn : JSON.parse(text)
}

const cancelled = Effect.fnUntraced(function*(phase: Phase, cancel: Cancel) {
  const { input = "hello there, you", settings = {} } = phase
  const gate: Gate = { reached: yield* Deferred.make<void>(), released: yield* Deferred.make<void>(), running: 0 }
  const world = yield* TurnWorld.given(phase.world(gate))
  const { strata, upstream } = world
  // What a turn leaves behind once is not looked at: it is compared with what one that ended by itself leaves.
  if (phase.name === "during compaction") yield* world.ask("call echo 0")
  const before = yield* strata.events({ types: ["execution:end"] })
  const ask = { model: "upstream/m", tool_groups: ["tools/tools"], input, ...settings }
  const { fiber, text } = yield* opened(strata.url, ask)
  yield* phase.reached(gate, world, text)
  if (cancel === "leaves") {
    yield* Fiber.interrupt(fiber)
  } else {
    const started = (yield* strata.awaitEvents({ types: ["execution:start"] }, before.length + 1)).at(-1)!
    const turn = String(field(payloadOf(started), "turn"))
    const asking = yield* Effect.forkChild(world.at(`${turn}/cancel`, { mode: cancel }))
    yield* strata.awaitEvents({ types: ["cancel:requested"] })
    if (cancel === "graceful") yield* Deferred.succeed(gate.released, undefined)
    const answer = yield* Fiber.join(asking)
    assert.strictEqual(answer.status, 200, answer.text)
    yield* Fiber.join(fiber)
    assert.strictEqual(turnIn(text())["status"], "cancelled")
    assert.deepStrictEqual(Object(answer.json).status, "cancelled")
  }
  const ends = yield* strata.awaitEvents({ types: ["execution:end"] }, before.length + 1)
  const last = Object(payloadOf(ends.at(-1)!))
  assert.strictEqual(last.status, "cancelled")
  assert.strictEqual(last.reason, cancel === "leaves" ? "client_closed" : cancel)
  yield* awaitTrue("tools to end", () => gate.running === 0)
  if (phase.asking === true && cancel !== "graceful") yield* upstream.awaitAborted(1)

  // Nothing ends twice, and what goes on has a result for each call.
  yield* Deferred.succeed(gate.released, undefined)
  const { json, status, text: said } = yield* world.post({ model: "upstream/m", input: "and now?" })
  assert.strictEqual(status, 200, said)
  const executions = (yield* strata.events({ types: ["execution:end"] })).map((event) =>
    field(payloadOf(event), "execution")
  )
  assert.lengthOf(executions, before.length + 2)
  assert.strictEqual(new Set(executions).size, executions.length)
  assert.strictEqual(Object(json).status, "completed")
  const results = (yield* strata.events({ types: ["turn:tool_results"] }))
    .flatMap((event) => Object(payloadOf(event)).results as ReadonlyArray<Schema.JsonObject>)
  if (cancel === "graceful") {
    const kept = results.filter(({ output }) => String(output).startsWith("echo")).map(({ tool_call_id }) =>
      tool_call_id
    )
    assert.deepStrictEqual<unknown>(
      kept,
      phase.kept ?? (phase.name.includes("result is looked at") ? ["call_1_1"] : [])
    )
  }
  const repairs = yield* strata.events({ types: ["provider:tool_sequence_repaired"] })
  assert.isEmpty(repairs)
})

const cases = phases.flatMap((phase) => phase.cancels.map((cancel) => ({ name: phase.name, cancel, phase })))

describe("A turn that is cancelled", () => {
  it("is looked at at 20 points or more", () => assert.isAtLeast(cases.length, 20))

  it.live.each(cases)("$name ($cancel) ends once, as cancelled, and leaves nothing running", ({ cancel, phase }) => {
    const fibers = FiberCount.make()
    return fibers.counted(
      Effect.scoped(cancelled(phase, cancel)).pipe(
        Effect.andThen(Effect.suspend(() => awaitTrue("fibers to end", () => fibers.running() <= 2)))
      )
    )
  }, 30_000)
})
