/** Events become chunks: those of one turn of the event loop together, and the frame that carries the response alone. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit } from "effect"
import * as ResponseFrames from "../../../src/apis/responses/ResponseFrames.ts"
import type { Emit } from "../../../src/apis/responses/ResponseRun.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import type { ByteSink } from "../../../src/kernel/bytes/ByteSource.ts"
import { envelope } from "../../../src/kernel/http/HttpErrors.ts"

const delta = (text: string) => ({ type: "response.output_text.delta", delta: text })
const completed = { type: "response.completed", response: {} }

const frame = ({ type, ...event }: { readonly type: string }, sequence_number: number) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...event })}\n\n`

class Sink implements ByteSink<unknown> {
  readonly chunks: Array<string> = []
  isEnded = false
  readonly chunk = (bytes: Uint8Array): void => void this.chunks.push(Buffer.from(bytes).toString())
  readonly end = (): void => {
    this.isEnded = true
  }
  readonly fail = (): void => assert.fail("it fails")
}

const opened = Effect.fnUntraced(function*<E>(make: (emit: Emit) => Effect.Effect<void, E>) {
  const answer = yield* ResponseFrames.of(make, (error) => envelope(String(error)).error)
  if (!Bytes.isStreamed(answer)) return assert.fail("it does not stream")
  const sink = new Sink()
  return { answer, sink, control: yield* answer.body.open(sink) }
})

const turn = Effect.sleep("5 millis")

describe("ResponseFrames", () => {
  it.live("gives what comes at once in one chunk, and the final frame and the end alone", () =>
    Effect.gen(function*() {
      const { sink } = yield* opened((emit) =>
        Effect.gen(function*() {
          yield* emit([delta("a")], 0)
          yield* turn
          yield* emit([delta("b")], 1)
          yield* emit([delta("c")], 2)
          yield* turn
          yield* emit([delta("d"), completed], 3)
        })
      )
      yield* Effect.repeat(turn, { until: () => sink.isEnded })
      assert.deepStrictEqual(sink.chunks, [
        frame(delta("a"), 0),
        frame(delta("b"), 1) + frame(delta("c"), 2),
        frame(delta("d"), 3),
        frame(completed, 4),
        "data: [DONE]\n\n"
      ])
    }))

  it.live("holds what comes while it is paused, and ends who makes it when nobody reads", () =>
    Effect.gen(function*() {
      const [gone, next] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const { control, sink } = yield* opened((emit) =>
        Effect.gen(function*() {
          yield* emit([delta("a")], 0)
          yield* Deferred.await(next)
          yield* emit([delta("b")], 1)
          return yield* Effect.never
        }).pipe(Effect.onInterrupt(() => Deferred.succeed(gone, undefined)))
      )
      control.pause()
      yield* Deferred.succeed(next, undefined)
      yield* turn
      assert.deepStrictEqual(sink.chunks, [frame(delta("a"), 0)])
      control.resume()
      assert.deepStrictEqual(sink.chunks, [frame(delta("a"), 0), frame(delta("b"), 1)])
      control.cancel()
      yield* Deferred.await(gone)
      assert.isFalse(sink.isEnded)
    }))

  it.live("fails by what failed before the first event, and says what fails later", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* Effect.exit(ResponseFrames.of(() => Effect.fail("no model"), (error) => envelope(error).error)),
        Exit.fail("no model")
      )
      const { sink } = yield* opened((emit) => Effect.andThen(emit([delta("a")], 0), Effect.fail("later")))
      yield* Effect.repeat(turn, { until: () => sink.isEnded })
      const said = {
        code: null,
        message: "later",
        param: null,
        error: { type: "invalid_request_error", code: null, message: "later", param: null }
      }
      assert.deepStrictEqual(sink.chunks, [
        frame(delta("a"), 0),
        frame({ type: "error", ...said }, 1),
        "data: [DONE]\n\n"
      ])
    }))

  it("says of what is completed that it has not failed, and reads what is not", () => {
    const failed = { type: "response.failed", response: { error: { code: "x", message: "no" } } }
    const failureIn = (event: { readonly type: string }) =>
      Effect.runSync(ResponseFrames.of((emit) => emit([delta("a")], 0), (error) => error)).dialect?.failureIn?.({
        json: undefined,
        frames: [[0, frame(event, 1)], [0, "data: [DONE]\n\n"]]
      })
    assert.isUndefined(failureIn(completed))
    assert.deepStrictEqual(failureIn(failed), { ...failed, sequence_number: 1 })
  })
})
