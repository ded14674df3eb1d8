/** The sessions of Strata's MCP server: bounded, and over when nobody has come for long. */
import type { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import { Clock, Deferred, Effect } from "effect"
import { randomUUID } from "node:crypto"
import { Stopping } from "../../kernel/requests/Stopping.ts"

export interface McpSession {
  /** Who began it, and alone may go on with it. */
  readonly owner: string
  readonly transport: WebStandardStreamableHTTPServerTransport
  /** The session of Strata's that its calls of tools belong to. */
  readonly strataSession: string
  readonly close: () => Promise<void>
}

/** Sessions at once; the one that nobody has used for longest goes first. */
const most = 1000

/** How long one lives that nobody uses, milliseconds. */
const idleMs = 3_600_000

interface Entry {
  readonly session: McpSession
  usedAt: number
}

const make = Effect.gen(function*() {
  const stopping = yield* Stopping
  /** The least recently used first. */
  const entries = new Map<string, Entry>()

  const end = (id: string) =>
    Effect.suspend(() => {
      const entry = entries.get(id)
      entries.delete(id)
      return entry === undefined ? Effect.void : Effect.ignore(Effect.tryPromise(() => entry.session.close()))
    })
  const endAll = Effect.suspend(() => Effect.forEach([...entries.keys()], end, { discard: true }))
  yield* Effect.addFinalizer(() => endAll)
  // A stream to a client would keep the server from ending.
  yield* Effect.forkScoped(Effect.andThen(Deferred.await(stopping), endAll))

  return {
    /** Known to who begins it alone. */
    newId: Effect.sync(() => randomUUID()),
    add: Effect.fnUntraced(function*(id: string, session: McpSession) {
      const now = yield* Clock.currentTimeMillis
      const over = [...entries].filter(([, { usedAt }], index) =>
        now - usedAt > idleMs || index < entries.size - most + 1
      )
      yield* Effect.forEach(over, ([each]) => end(each), { discard: true })
      entries.set(id, { session, usedAt: now })
      const onclose = after(session.transport.onclose, () => entries.delete(id))
      Object.assign(session.transport, { onclose })
    }),
    /** Undefined where it is not there, or somebody else's. */
    get: (id: string, owner: string, now: number): McpSession | undefined => {
      const entry = entries.get(id)
      if (entry === undefined || entry.session.owner !== owner || now - entry.usedAt > idleMs) return undefined
      entry.usedAt = now
      entries.delete(id)
      entries.set(id, entry)
      return entry.session
    }
  }
})

const after = (first: (() => void) | undefined, then: () => void) => () => {
  first?.()
  then()
}

export const McpSessions = { make }
