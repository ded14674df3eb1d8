/** The sessions of a log, without a server. */
import { Effect, Layer, Option, Stream } from "effect"
import * as SessionFilesLive from "../apis/sessions/SessionFilesLive.ts"
import * as SessionForkingLive from "../apis/sessions/SessionForkingLive.ts"
import * as SessionReadsLive from "../apis/sessions/SessionReadsLive.ts"
import { SessionFiles, SessionForking, Sessions } from "../apis/sessions/Sessions.ts"
import { AccessControl } from "../kernel/access/AccessControl.ts"
import * as LocalLog from "./LocalLog.ts"
import { SessionAccess, SessionsRefused } from "./SessionAccess.ts"

const pageSize = 100

const refuse = ({ message }: { readonly message: string }) => new SessionsRefused({ message })

const make = Effect.gen(function*() {
  const sessions = yield* Sessions
  const files = yield* SessionFiles
  const forking = yield* SessionForking

  const page = (after: string | undefined) =>
    Effect.map(sessions.list({ limit: pageSize, ...after === undefined ? {} : { after } }), (found) => {
      const data = found.slice(0, pageSize)
      return [data, found.length > pageSize ? Option.fromUndefinedOr(data.at(-1)?.id) : Option.none<string>()] as const
    })

  return SessionAccess.of({
    list: Stream.mapError(Stream.paginate(undefined as string | undefined, page), refuse),
    lines: (id) => Stream.mapError(Stream.unwrap(files.lines(id)), refuse),
    add: (lines) =>
      files.add(lines).pipe(
        Effect.flatMap(({ sessionId }) => sessions.get(sessionId)),
        Effect.mapError(refuse)
      ),
    fork: (id, request) => Effect.mapError(forking.fork(id, request), refuse),
    send: () => Stream.fail(refuse({ message: "--send needs a running server: name it with --url." }))
  })
})

export const layer = (place: LocalLog.Place, access: LocalLog.Access) =>
  Layer.effect(SessionAccess, make).pipe(
    Layer.provide(Layer.mergeAll(SessionFilesLive.layer, SessionForkingLive.layer)),
    Layer.provide(AccessControl.open),
    Layer.provide(SessionReadsLive.layer),
    Layer.provide(LocalLog.layer(place, access))
  )
