/** The sessions of a log, without a server. */
import { Effect, Layer, Option, Stream } from "effect"
import { apis } from "../apis/Apis.ts"
import { AccessControl } from "../kernel/access/AccessControl.ts"
import { Stopping } from "../kernel/requests/Stopping.ts"
import { Sessions } from "../kernel/sessions/Sessions.ts"
import { SessionVerifier } from "../kernel/sessions/SessionVerifier.ts"
import * as LocalLog from "./LocalLog.ts"
import { SessionAccess, SessionsRefused } from "./SessionAccess.ts"

const pageSize = 100

const refuse = ({ message }: { readonly message: string }) => new SessionsRefused({ message })

const make = Effect.map(Sessions, (sessions) => {
  const page = (after: string | undefined) =>
    Effect.map(sessions.list({ limit: pageSize, after }), (page) => {
      const last = page.length < pageSize ? undefined : page.at(-1)?.id
      return [page, Option.fromUndefinedOr(last)] as const
    })

  return SessionAccess.of({
    list: Stream.mapError(Stream.paginate(undefined as string | undefined, page), refuse),
    lines: (id) => Stream.mapError(Stream.unwrap(sessions.export(id)), refuse),
    add: (lines) =>
      sessions.import(lines).pipe(
        Effect.flatMap(({ sessionId }) => sessions.get(sessionId)),
        Effect.mapError(refuse)
      ),
    fork: (id, request) => Effect.mapError(sessions.fork(id, request), refuse),
    send: () => Stream.fail(refuse({ message: "--send needs a running server: name it with --url." }))
  })
})

export const layer = (place: LocalLog.Place, access: LocalLog.Access) =>
  Layer.effect(SessionAccess, make).pipe(
    Layer.provide(Sessions.layer(apis)),
    Layer.provide([AccessControl.open, SessionVerifier.unavailable, Stopping.layer]),
    Layer.provide(LocalLog.layer(place, access))
  )
