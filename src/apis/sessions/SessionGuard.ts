/** Sessions as the principal of the moment may use them: in front of every service, so that none is forgotten. */
import { Context, Effect, Layer } from "effect"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import type { AccessResource } from "../../kernel/access/AccessResource.ts"
import { SessionNotFound } from "../../kernel/http/SessionErrors.ts"
import { SessionProjection } from "../../kernel/sessions/SessionProjection.ts"
import * as SessionRow from "../../kernel/sessions/SessionRow.ts"
import { SessionFiles, SessionForking, SessionLifecycle, SessionReplay, Sessions, SessionVerifier } from "./Sessions.ts"

const make = Effect.gen(function*() {
  const access = yield* AccessControl
  const tables = yield* ProjectionTables
  const [sessions, lifecycle, forking, replay, files, verifier] = [
    yield* Sessions,
    yield* SessionLifecycle,
    yield* SessionForking,
    yield* SessionReplay,
    yield* SessionFiles,
    yield* SessionVerifier
  ]

  const found = Effect.fnUntraced(function*(id: string) {
    const row = yield* tables.get(SessionProjection, id)
    return row ?? (yield* new SessionNotFound({ session_id: id }))
  })

  const resourceOf = (row: Effect.Success<ReturnType<typeof found>>): AccessResource => ({
    type: "session",
    id: row.key,
    owner: SessionRow.ownerOf(row)
  })

  const hidden = (id: string) => () => new SessionNotFound({ session_id: id })

  const see = Effect.fnUntraced(function*(id: string) {
    const row = yield* found(id)
    yield* access.authorizeRead(resourceOf(row), hidden(id))
    return row
  })

  const mayUpdate = (id: string) =>
    Effect.flatMap(found(id), (row) => access.authorize("update", resourceOf(row), hidden(id)))

  /** What is named of other sessions, without those that are hidden. */
  const visible = <A extends { readonly session_id: string }>(named: ReadonlyArray<A>) =>
    Effect.filter(named, ({ session_id }) =>
      Effect.flatMap(
        tables.get(SessionProjection, session_id),
        (row) => row === undefined ? Effect.succeed(false) : access.permits("read", resourceOf(row))
      ))

  return Context.make(
    Sessions,
    Sessions.of({
      list: Effect.fnUntraced(function*({ after, limit }) {
        const position = after === undefined ? 0 : (yield* see(after)).position
        const filter = yield* access.filter("read", "session")
        const rows = yield* tables.list(SessionProjection, { after: position, limit: limit + 1, filter })
        return yield* Effect.forEach(rows, SessionRow.toListed)
      }),
      get: (id) => Effect.andThen(see(id), sessions.get(id)),
      state: (id, position) => Effect.andThen(see(id), sessions.state(id, position)),
      lineage: Effect.fnUntraced(function*(id) {
        yield* see(id)
        const lineage = yield* sessions.lineage(id)
        const [ancestors, children] = [yield* visible(lineage.ancestors), yield* visible(lineage.children)]
        return { ...lineage, ancestors, children }
      }),
      events: (id, query) => Effect.andThen(see(id), sessions.events(id, query))
    })
  ).pipe(
    Context.add(
      SessionLifecycle,
      SessionLifecycle.of({
        create: lifecycle.create,
        end: (id, request) => Effect.andThen(mayUpdate(id), lifecycle.end(id, request))
      })
    ),
    Context.add(
      SessionForking,
      SessionForking.of({ fork: (id, request) => Effect.andThen(see(id), forking.fork(id, request)) })
    ),
    Context.add(
      SessionReplay,
      SessionReplay.of({ show: (id, query) => Effect.andThen(see(id), replay.show(id, query)) })
    ),
    Context.add(
      SessionFiles,
      SessionFiles.of({ add: files.add, lines: (id) => Effect.andThen(see(id), files.lines(id)) })
    ),
    Context.add(
      SessionVerifier,
      SessionVerifier.of({ verify: (id) => Effect.andThen(see(id), verifier.verify(id)) })
    )
  )
})

/** Takes the services as they are and gives them guarded. */
export const layer = Layer.effectContext(make)
