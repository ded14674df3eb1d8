/** Writes the bytes of a streamed answer to its connection: what comes in one turn of the event loop at once. */
import { Cause, Effect } from "effect"
import type { OutgoingHttpHeaders, ServerResponse } from "node:http"
import type { ByteControl, ByteSink } from "../kernel/bytes/ByteSource.ts"
import type { Beating, StreamHeartbeat } from "./StreamHeartbeat.ts"
import { comment } from "./StreamHeartbeat.ts"

/** The line ends behind a frame. */
const frameEnd = /(?:\n\n|\r\r|\r\n\r\n)$/

export class AnswerWriter implements ByteSink<unknown>, Beating {
  quiet = 0
  place = 0
  /** What was written last. */
  #last: Uint8Array | undefined
  readonly #connection: ServerResponse
  readonly #heartbeat: StreamHeartbeat | undefined
  #control: ByteControl | undefined
  #waiting: Array<Uint8Array> = []
  #isScheduled = false
  #isBegun = false
  /** What waits goes out with the end. */
  #isEnding = false
  #isEnd = false
  #isFull = false
  #result: Effect.Effect<void> | undefined
  #resume: ((result: Effect.Effect<void>) => void) | undefined

  /** `heartbeat`: of a stream of server-sent events. */
  constructor(connection: ServerResponse, heartbeat?: StreamHeartbeat) {
    this.#connection = connection
    this.#heartbeat = heartbeat
  }

  readonly chunk = (bytes: Uint8Array): void => {
    this.#waiting.push(bytes)
    this.#schedule()
  }

  readonly ending = (): void => {
    this.#isEnding = true
  }

  readonly end = (): void => {
    this.#isEnd = true
    this.#schedule()
  }

  /** A client whose connection breaks knows that it has not got all. */
  readonly fail = (cause: Cause.Cause<unknown>): void => {
    this.#connection.destroy()
    this.#finish(Effect.die(Cause.squash(cause)))
  }

  /** Writes what `control` gives: it may have given its first bytes. */
  begin(control: ByteControl, status: number, headers: OutgoingHttpHeaders): void {
    const connection = this.#connection
    this.#control = control
    if (connection.destroyed) return control.cancel()
    if (!connection.headersSent) connection.writeHead(status, headers)
    if (this.#result === undefined) this.#heartbeat?.watch(this)
    connection.on("drain", () => {
      this.#isFull = false
      control.resume()
    })
    this.#schedule()
    // The head goes out with what is there; where nothing is, alone: a client learns that its stream has begun.
    setImmediate(() => {
      if (!this.#isBegun && !this.#isEnding && !connection.destroyed) connection.flushHeaders()
    })
  }

  /** Until all is written. */
  readonly whole: Effect.Effect<void> = Effect.suspend(() =>
    this.#result ?? Effect.callback<void>((resume) => {
      this.#resume = resume
    })
  )

  /** Nobody waits any more, and wants the rest. */
  readonly cancel = (): void => {
    this.#waiting = []
    this.#heartbeat?.forget(this)
    this.#control?.cancel()
  }

  /** A comment, unless it would stand within a frame, or nobody reads. */
  readonly beat = (): void => {
    const end = this.#last === undefined ? "\n\n" : Buffer.from(this.#last.subarray(-4)).toString("latin1")
    if (!this.#isFull && this.#waiting.length === 0 && frameEnd.test(end)) this.#connection.write(comment)
  }

  #schedule(): void {
    if (this.#isScheduled || this.#control === undefined) return
    this.#isScheduled = true
    queueMicrotask(this.#write)
  }

  #finish(result: Effect.Effect<void>): void {
    this.#result = result
    this.#heartbeat?.forget(this)
    this.#resume?.(result)
  }

  readonly #write = (): void => {
    this.#isScheduled = false
    if (this.#isEnding && !this.#isEnd) return
    const waiting = this.#waiting
    const bytes = waiting.length > 1 ? Buffer.concat(waiting) : waiting[0]
    this.#waiting = []
    this.#isBegun ||= bytes !== undefined || this.#isEnd
    if (this.#isEnd) {
      this.#connection.end(bytes)
      return this.#finish(Effect.void)
    }
    if (bytes === undefined) return
    this.quiet = 0
    this.#last = bytes
    if (this.#connection.write(bytes) || this.#isFull) return
    this.#isFull = true
    this.#control?.pause()
  }
}
