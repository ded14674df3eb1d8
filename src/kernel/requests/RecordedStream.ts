/** A streamed answer on its way to the client: recorded as it passes, its end sent when all of it is committed. */
import { Cause, Effect, Stream } from "effect"
import type { Pull } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as StreamDialect from "../bytes/StreamDialect.ts"
import type { RequestFailure } from "./RequestFailure.ts"
import { clientClosed, clientLeft } from "./RequestFailure.ts"
import type { RequestRecord } from "./RequestRecord.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

const nothing = Buffer.alloc(0)

/** `failureOf` says how a failure in mid-stream looks to the client. */
export const wrap = <E>(
  bytes: Bytes<E> & { readonly body: ByteSource.ByteSource<E> },
  record: RequestRecord,
  failureOf: (error: unknown) => RequestFailure
): Bytes => {
  const { body, dialect = StreamDialect.plain } = bytes
  const { commit, flush } = record.recording
  let ended = false

  const abandon = Effect.suspend(() => {
    if (ended) return Effect.void
    record.broken(bytes, clientClosed, clientLeft)
    return flush
  })

  const recorded = Stream.transformPull(body.stream, (pull) => {
    let held: Uint8Array | undefined
    let begun = false

    /** Nothing, but it sends the head: a client learns that its stream has begun before the model has thought. */
    const begin = Effect.sync((): Chunks => {
      begun = true
      return [nothing]
    })

    const pass = (chunks: Chunks): Pull.Pull<Chunks, never> => {
      for (const chunk of chunks) record.chunk(chunk)
      const last = chunks.at(-1)!
      if (!dialect.isLastFrame(last)) return Effect.succeed(chunks)
      held = last
      const [first, ...rest] = chunks.slice(0, -1)
      return first === undefined ? loop : Effect.succeed([first, ...rest])
    }

    /** Without its commit the stream does not end: the connection breaks, and the client knows. */
    const finish = Effect.suspend((): Pull.Pull<Chunks, never> => {
      ended = true
      record.streamed(bytes)
      return Effect.andThen(Effect.orDie(commit), held === undefined ? Cause.done() : Effect.succeed([held] as const))
    })

    const fail = (error: unknown): Pull.Pull<Chunks, never> => {
      ended = true
      const failure = failureOf(error)
      const frame = dialect.errorFrame(failure.body)
      record.chunk(frame)
      record.broken(bytes, failure.status, failure.body.error)
      return Effect.andThen(Effect.orDie(commit), Effect.succeed([frame] as const))
    }

    const loop: Pull.Pull<Chunks, never> = Effect.suspend(() => {
      if (ended) return Cause.done()
      if (!begun) return begin
      return Effect.matchEffect(pull, {
        onSuccess: pass,
        onFailure: (error): Pull.Pull<Chunks, never> => Cause.isDone(error) ? finish : fail(error)
      })
    })
    return Effect.succeed(loop)
  })

  // Registered before the stream begins, so that it runs last: the provider call has ended by then.
  const watched = Stream.unwrap(Effect.as(Effect.addFinalizer(() => abandon), recorded))
  return { ...bytes, body: ByteSource.fromStream(watched) }
}
