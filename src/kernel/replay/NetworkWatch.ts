/**
 * Finds what providers reach around the recording client during a verification, by Node's diagnostics channels.
 *
 * Not seen: what native code does (`dns.resolve` among it), and what runs in a worker thread, which is named itself.
 */
import { Effect } from "effect"
import * as diagnostics from "node:diagnostics_channel"
import * as FailureText from "../issues/FailureText.ts"
import type { Owner } from "../provider/ProviderContext.ts"
import * as ProviderContext from "../provider/ProviderContext.ts"
import type { Means } from "../sessions/SessionVerification.ts"
import type { Peer } from "./NetworkPeer.ts"
import { channels } from "./NetworkPeer.ts"
import * as SynchronousProcesses from "./SynchronousProcesses.ts"

/** Something a provider reached. */
export interface AroundTheClient {
  readonly provider: string
  /** The origin of a URL, host and port, or the command of a child process. */
  readonly peer: string
  readonly via: Means
}

export interface NetworkWatch {
  /** Watches the providers that start in the effect, from their start to their release. */
  readonly during: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** All so far, each once, in the order it was reached. */
  readonly around: Effect.Effect<ReadonlyArray<AroundTheClient>>
}

const authorityOf = (origin: string): URL | undefined => URL.parse(origin) ?? undefined

/** What opens no socket for a request. */
const withoutRequest: ReadonlySet<Means> = new Set(["socket", "datagram", "process", "worker"])

/** The socket that a request of the same provider opened. */
const isUnder = (socket: AroundTheClient, request: AroundTheClient): boolean => {
  if (withoutRequest.has(request.via) || request.provider !== socket.provider) return false
  const url = authorityOf(request.peer)
  if (url === undefined) return false
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port
  const host = url.hostname.replace(/^\[|\]$/g, "")
  return socket.peer === `${host}:${port}` || socket.peer === host
}

const same = (one: AroundTheClient, other: AroundTheClient): boolean =>
  one.provider === other.provider && one.peer === other.peer && one.via === other.via

/** What has begun in this turn of the event loop learns whom it reaches in the next. */
const settled = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

export const make = (): NetworkWatch => {
  const verification = {}
  const peers: Array<Peer & Pick<Owner, "provider">> = []

  const listeners = Object.entries(channels).map(([name, peerOf]) => ({
    name,
    listen: (message: unknown) => {
      const owner = ProviderContext.current()
      if (owner?.verification === verification) peers.push({ provider: owner.provider, ...peerOf(message) })
    }
  }))

  return {
    during: (effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          listeners.forEach(({ listen, name }) => diagnostics.subscribe(name, listen))
          SynchronousProcesses.watch()
        }),
        () => Effect.ensuring(ProviderContext.followed(effect, verification), settled),
        () =>
          Effect.sync(() => {
            SynchronousProcesses.unwatch()
            listeners.forEach(({ listen, name }) => diagnostics.unsubscribe(name, listen))
          })
      ),
    around: Effect.suspend(() => {
      const all = peers.map(({ peer, provider, via }): AroundTheClient => ({ provider, peer: peer(), via }))
      const reached = all.filter((each, index) =>
        all.findIndex((other) => same(each, other)) === index &&
        !(each.via === "socket" && all.some((other) => isUnder(each, other)))
      )
      return Effect.forEach(reached, (each) => Effect.map(FailureText.masked(each.peer), (peer) => ({ ...each, peer })))
    })
  }
}
