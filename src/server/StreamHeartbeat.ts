/**
 * Keeps silent streams of server-sent events open: a comment to each on which nothing came for a while, between its
 * frames. Whoever stands between a client and this server sees that the connection lives. It is no part of the answer,
 * and of no event.
 */
import { Effect } from "effect"

export const comment = Buffer.from(": keep-alive\n\n")

/** A stream that may be silent. */
export interface Beating {
  /** Ticks since something came. */
  quiet: number
  /** Among the streams that are watched. */
  place: number
  readonly beat: () => void
}

/** So many ticks make the longest silence. */
const ticks = 3

export class StreamHeartbeat {
  /** A `Set` through which many pass keeps what was in it until the next collection of all garbage. */
  readonly #streams: Array<Beating> = []

  watch(stream: Beating): void {
    stream.place = this.#streams.push(stream) - 1
  }

  /** It has ended. */
  forget(stream: Beating): void {
    if (this.#streams[stream.place] !== stream) return
    const last = this.#streams.pop()!
    if (last === stream) return
    this.#streams[stream.place] = last
    last.place = stream.place
  }

  /** All of them are a tick older. */
  tick(): void {
    for (const stream of this.#streams.slice()) {
      if (++stream.quiet < ticks) continue
      stream.quiet = 0
      stream.beat()
    }
  }
}

/** One for all streams of a server, as long as its scope is open. `period`: the longest silence; 0: none is made. */
export const make = Effect.fnUntraced(function*(period: number) {
  if (period === 0) return undefined
  const heartbeat = new StreamHeartbeat()
  const beating = Effect.andThen(Effect.sleep(period / ticks), Effect.sync(() => heartbeat.tick()))
  yield* Effect.forkScoped(Effect.forever(beating))
  return heartbeat
})
