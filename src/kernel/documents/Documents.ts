/** Documents of a kind: made, read, changed, listed and deleted by who may. One way for all of them. */
import { Effect } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { IndexValue } from "../../events/projections/Projection.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../access/AccessControl.ts"
import type { Action } from "../access/AccessPolicy.ts"
import type { AccessDenied } from "../http/AccessDenied.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"
import { DocumentConflict, DocumentNotFound } from "./DocumentErrors.ts"
import type { DocumentKind, StoredDocument } from "./DocumentKind.ts"
import { CurrentReplayDocuments } from "./ReplayDocuments.ts"

export interface ListQuery {
  /** Id of the last one of the page before. */
  readonly after?: string | undefined
  /** Id of the first one of the page behind: for a client that goes back. */
  readonly before?: string | undefined
  /** Default `desc`: the newest first. */
  readonly order?: "asc" | "desc" | undefined
  readonly limit: number
  /** Values of the kind's index. */
  readonly where?: Readonly<Record<string, IndexValue>> | undefined
  readonly filter?: RowFilter.RowFilter | undefined
}

export interface DocumentPage<A> {
  readonly data: ReadonlyArray<A>
  readonly has_more: boolean
}

export type ReadFailure = DocumentNotFound | EventLogUnavailable
export type ChangeFailure = ReadFailure | AccessDenied

/** Drafts of the events of a document. */
export type Decision<E, R> = Effect.Effect<ReadonlyArray<EventDraft>, E, R>

/** An event of a document, which names the request that led to it. */
export const draft = Effect.fnUntraced(function*<D extends Definition>(definition: D, payload: Payload<D>) {
  const origin = yield* changeOrigin
  const made = yield* Draft.make(definition, payload)
  const recording = yield* CurrentRecording
  // What the client sent to authenticate is no part of what it keeps here.
  const masked = recording === undefined ? made.payload : recording.redactor.text(made.payload)
  return { ...made, ...origin, payload: masked }
})

/** Another request has changed it meanwhile, so often in a row. */
const maxConflicts = 100

const busy = (type: string) =>
  new DocumentConflict({
    type,
    code: `${type}_busy`,
    message: `The ${type.replaceAll("_", " ")} is changed by others without a pause. Try again.`
  })

export type Documents<A> = Effect.Success<ReturnType<typeof of<A>>>

/** The documents of a kind. */
export const of = Effect.fnUntraced(function*<A>(kind: DocumentKind<A>) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables
  const access = yield* AccessControl
  const { projection, type } = kind

  const absent = (id: string) => () => new DocumentNotFound({ type, id })

  const resourceOf = (id: string, { owner }: Pick<StoredDocument<A>, "owner">) => ({ type, id, owner })

  /** In a verification, also what was made before the session. */
  const find = Effect.fnUntraced(function*(id: string) {
    const row = yield* tables.get(projection, yield* CurrentTenant, id)
    if (row !== undefined) return row.document
    const replay = yield* CurrentReplayDocuments
    if (replay === undefined) return undefined
    const stream = kind.streamOf(id)
    const before = yield* replay.eventsOf(stream, projection.types)
    const requestId = (yield* CurrentRecording)?.options.requestId
    const since = requestId === undefined ? [] : yield* readAll(hub, { stream, requestId })
    let document: StoredDocument<A> | undefined
    for (const event of [...before, ...since]) document = kind.evolve(document, event)
    // Its stream here is another one: what is appended begins it anew.
    return document === undefined ? undefined : { ...document, version: since.at(-1)?.version ?? 0 }
  })

  const stored = (id: string): Effect.Effect<StoredDocument<A>, ReadFailure> =>
    Effect.flatMap(
      find(id),
      (document) => document === undefined ? Effect.fail(absent(id)()) : Effect.succeed(document)
    )

  const get = Effect.fnUntraced(function*(id: string) {
    const document = yield* stored(id)
    yield* access.authorizeRead(resourceOf(id, document), absent(id))
    return document
  })

  const positionOf = (id: string) =>
    Effect.gen(function*() {
      yield* get(id)
      const row = yield* tables.get(projection, yield* CurrentTenant, id)
      return row?.position ?? 0
    })

  return {
    kind,
    /** Appends the events that make it: the first of them says whose it is. `owner` is who asks. */
    create: Effect.fnUntraced(
      function*<E, R>(id: string, decide: (owner: StoredDocument<A>["owner"]) => Decision<E, R>) {
        const owner = yield* CurrentPrincipal
        yield* access.authorize("create", { type, id, owner }, absent(id))
        const events = yield* decide(owner)
        yield* hub.append(kind.streamOf(id), "none", events).pipe(
          Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die })
        )
        return yield* stored(id)
      }
    ),
    /** As it stands in the log now; fails as for what is not there, where it may not be read. */
    get,
    /** Appends what `decide` says of the document as it stands, again where another request was faster. */
    change: Effect.fnUntraced(function*<E, R>(
      id: string,
      action: Action,
      decide: (document: StoredDocument<A>) => Decision<E, R>
    ): Effect.fn.Return<StoredDocument<A> | undefined, ChangeFailure | DocumentConflict | E, R> {
      let expected: number | undefined
      for (let attempt = 0; attempt < maxConflicts; attempt++) {
        const document = yield* stored(id)
        yield* access.authorize(action, resourceOf(id, document), absent(id))
        const events = yield* decide(document)
        if (events.length === 0) return document
        const version = Math.max(document.version, expected ?? 0)
        const actual = yield* hub.append(kind.streamOf(id), version, events).pipe(
          Effect.as(undefined),
          Effect.catchTags({ VersionConflict: ({ actual }) => Effect.succeed(actual), EventIdTaken: Effect.die })
        )
        if (actual === undefined) return yield* find(id)
        // Events that are no change of the document stand behind it.
        expected = actual
      }
      return yield* busy(type)
    }),
    list: Effect.fnUntraced(function*(
      { after, before, filter = RowFilter.all, limit, order = "desc", where }: ListQuery
    ): Effect.fn.Return<DocumentPage<StoredDocument<A>>, ReadFailure> {
      const descending = order === "desc"
      const visible = yield* access.filter("read", type)
      const from = after === undefined ? undefined : yield* positionOf(after)
      const to = before === undefined ? undefined : yield* positionOf(before)
      // Whoever goes back asks for what stands right before: it is read the other way round.
      const backwards = to !== undefined && from === undefined
      const readDescending = backwards ? !descending : descending
      const bounds = descending ? { before: from, after: to } : { after: from, before: to }
      const rows = yield* tables.list(projection, {
        tenant: yield* CurrentTenant,
        ...bounds,
        order: readDescending ? "descending" : "ascending",
        limit: limit + 1,
        where,
        filter: RowFilter.and(visible, filter)
      })
      const page = rows.slice(0, limit).map(({ document }) => document)
      return { data: backwards ? page.toReversed() : page, has_more: rows.length > limit }
    })
  }
})
