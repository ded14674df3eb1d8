/** The same bytes from every kind of source: one that calls back, and one that is a stream. */
import { Cause, Effect, Stream } from "effect"
import * as ByteSource from "../../src/kernel/bytes/ByteSource.ts"

export interface Script {
  readonly chunks: ReadonlyArray<string>
  readonly ending: "ends" | "fails" | "stays open"
}

export interface Scripted {
  readonly source: ByteSource.ByteSource<string>
  /** How many chunks it has given away. */
  readonly given: () => number
  readonly released: () => boolean
}

/** Calls back in a turn of its own for each chunk, as a socket does. */
const callingBack = ({ chunks, ending }: Script): Scripted => {
  let [given, released, paused] = [0, false, false]
  const source = ByteSource.make<string>((sink) => {
    const next = () => {
      if (released || paused) return
      const chunk = chunks[given]
      if (chunk !== undefined) {
        given++
        sink.chunk(Buffer.from(chunk))
        setImmediate(next)
      } else {
        if (ending === "ends") sink.end()
        if (ending === "fails") sink.fail(Cause.fail("it broke"))
      }
    }
    setImmediate(next)
    return {
      pause: () => {
        paused = true
      },
      resume: () => {
        if (!paused) return
        paused = false
        setImmediate(next)
      },
      cancel: () => {
        released = true
      }
    }
  })
  return { source, given: () => given, released: () => released }
}

const streaming = ({ chunks, ending }: Script): Scripted => {
  let [given, released] = [0, false]
  const last: Stream.Stream<Uint8Array, string> = ending === "ends"
    ? Stream.empty
    : ending === "fails"
    ? Stream.fail("it broke")
    : Stream.never
  const stream = Stream.fromIterable(chunks).pipe(
    Stream.rechunk(1),
    Stream.mapEffect((chunk) =>
      Effect.map(Effect.sleep(0), () => {
        given++
        return Buffer.from(chunk) as Uint8Array
      })
    ),
    Stream.concat(last),
    Stream.ensuring(Effect.sync(() => {
      released = true
    }))
  )
  return { source: ByteSource.fromStream(stream), given: () => given, released: () => released }
}

export const kinds: ReadonlyArray<{ readonly kind: string; readonly make: (script: Script) => Scripted }> = [
  { kind: "make", make: callingBack },
  { kind: "fromStream", make: streaming }
]

/** Keeps what it is called with, in order. */
export const makeSink = () => {
  const calls: Array<string> = []
  const sink: ByteSource.ByteSink<string> = {
    chunk: (bytes) => void calls.push(Buffer.from(bytes).toString("utf8")),
    end: () => void calls.push("(end)"),
    fail: (cause) => void calls.push(`(failed: ${String(Cause.squash(cause))})`)
  }
  return { calls, sink }
}
