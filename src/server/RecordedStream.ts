/** A streamed answer on its way to the client: recorded as it passes, its end sent when all of it is committed. */
import { Cause, Effect, Stream } from "effect"
import type { Pull } from "effect"
import { HttpBody, HttpServerResponse } from "effect/http"
import type { Dialect } from "../kernel/dialects/Dialect.ts"
import type { Failure } from "./ErrorResponses.ts"
import { clientClosed, type RequestRecord } from "./RequestRecord.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

const nothing = Buffer.alloc(0)

/** Longest chunk that may be a last frame alone. */
const longest = 96

/** True for a chunk that ends the stream for the client, whatever comes behind it. */
const isLast = (chunk: Uint8Array, dialect: Dialect | undefined): boolean =>
  dialect !== undefined && chunk.length <= longest && dialect.isLastFrame(Buffer.from(chunk).toString("latin1"))

const errorFrame = ({ body }: Failure, dialect: Dialect | undefined): Uint8Array =>
  dialect?.errors.frame(body) ?? Buffer.from(`data: ${JSON.stringify(body)}\n\n`)

/** What is recorded of a client that left. */
export const left = {
  message: "The client left before the answer was complete.",
  type: "client_error",
  param: null,
  code: "client_closed_request"
}

/** `toFailure` says how a failure in mid-stream looks to the client; `dialect` is what the answer is in. */
export const wrap = (
  response: HttpServerResponse.HttpServerResponse,
  stream: Stream.Stream<Uint8Array, unknown>,
  record: RequestRecord,
  toFailure: (error: unknown) => Failure,
  dialect?: Dialect
): HttpServerResponse.HttpServerResponse => {
  const commit = record.recording.commit

  let ended = false

  const abandon = Effect.suspend(() => {
    if (ended) return Effect.void
    record.broken(response, clientClosed, left)
    return record.recording.flush
  })

  const recorded = Stream.transformPull(stream, (pull) => {
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
      if (!isLast(last, dialect)) return Effect.succeed(chunks)
      held = last
      const [first, ...rest] = chunks.slice(0, -1)
      return first === undefined ? loop : Effect.succeed([first, ...rest])
    }

    /** Without its commit the stream does not end: the connection breaks, and the client knows. */
    const finish = Effect.suspend((): Pull.Pull<Chunks, never> => {
      ended = true
      record.streamed(response)
      return Effect.andThen(Effect.orDie(commit), held === undefined ? Cause.done() : Effect.succeed([held] as const))
    })

    const fail = (error: unknown): Pull.Pull<Chunks, never> => {
      ended = true
      const failure = toFailure(error)
      const frame = errorFrame(failure, dialect)
      record.chunk(frame)
      record.broken(response, failure.status, failure.body.error)
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

  // Registered before the stream begins, so that it runs last: the provider call has told its end by then.
  const watched = Stream.unwrap(Effect.as(Effect.addFinalizer(() => abandon), recorded))
  return HttpServerResponse.setBody(response, HttpBody.stream(watched, response.headers["content-type"]))
}
