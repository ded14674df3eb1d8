/** Documents of a kind: made, read, changed, listed and deleted by who may. One way for all of them. */
import { Effect } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Lineage } from "../../events/log/ProjectionTables.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import type { IndexValue, Projection, Row } from "../../events/projections/Projection.ts"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../access/AccessControl.ts"
import type { Action } from "../access/AccessPolicy.ts"
import { AccessDenied } from "../http/AccessDenied.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"
import { DocumentConflict, DocumentNotFound } from "./DocumentErrors.ts"
import type { DocumentKind, StoredDocument, TableDocument } from "./DocumentKind.ts"
import { isWhole } from "./DocumentKind.ts"
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
export const draft = <D extends Definition>(
  definition: D,
  payload: Payload<D>,
  /** Id of the event that led to it; default: that of the request. */
  causationId?: string
): Effect.Effect<EventDraft> =>
  Effect.withFiber((fiber) =>
    Effect.flatMap(changeOrigin, (origin) =>
      Draft.make(
        definition,
        payload,
        causationId === undefined ? origin : { ...origin, causationId },
        // What the client sent to authenticate is no part of what it keeps here.
        fiber.getRef(CurrentRecording)?.redactor
      ))
  )

/** Another request has changed it meanwhile, so often in a row. */
const maxConflicts = 100

const busy = (type: string) =>
  new DocumentConflict({
    type,
    code: `${type}_busy`,
    message: `The ${type.replaceAll("_", " ")} is changed by others without a pause. Try again.`
  })

const taken = (type: string, id: string) =>
  new DocumentConflict({
    type,
    code: `${type}_exists`,
    message: `There is, or was, a ${type.replaceAll("_", " ")} with the id ${JSON.stringify(id)}: choose another.`
  })

/** What a cursor names is not there: the cursor is to blame. */
const namedBy = (param: string) => <E>(error: E): E | DocumentNotFound =>
  error instanceof DocumentNotFound ? new DocumentNotFound({ type: error.type, id: error.id, param }) : error

/** A page of a table's rows, by cursors whose positions `positionOf` knows. */
export const pageOf = Effect.fnUntraced(function*<D, E>(
  tables: ProjectionTables["Service"],
  projection: Projection<D>,
  { after, before, filter, limit, order = "desc", positionOf, where }: ListQuery & {
    readonly positionOf: (id: string) => Effect.Effect<number, E>
  }
): Effect.fn.Return<DocumentPage<Row<D>>, E | DocumentNotFound | EventLogUnavailable> {
  const descending = order === "desc"
  const from = after === undefined ? undefined : yield* Effect.mapError(positionOf(after), namedBy("after"))
  const to = before === undefined ? undefined : yield* Effect.mapError(positionOf(before), namedBy("before"))
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
    filter
  })
  const page = rows.slice(0, limit)
  return { data: backwards ? page.toReversed() : page, has_more: rows.length > limit }
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

  /** What a row stands for: a document, or one that its stream says. */
  const documentOf = Effect.fnUntraced(function*(
    { document, key, tenant }: Row<TableDocument<A>>
  ): Effect.fn.Return<StoredDocument<A> | undefined, EventLogUnavailable> {
    if (isWhole(document)) return document
    const events = yield* readAll(hub, { tenant, stream: kind.streamOf(key), types: [...projection.types] })
    let whole: StoredDocument<A> | undefined
    for (const event of events) whole = kind.evolve(whole, event)
    return whole
  })

  /** In a verification as the log had it then: what others did to it between two requests of the session counts, too. */
  const find = Effect.fnUntraced(function*(id: string) {
    const replay = yield* CurrentReplayDocuments
    const stream = kind.streamOf(id)
    const before = replay === undefined ? [] : yield* replay.eventsOf(stream, projection.types)
    if (before.length === 0) {
      const row = yield* tables.get(projection, yield* CurrentTenant, id)
      if (row === undefined) replay?.missed(stream)
      return row === undefined ? undefined : yield* documentOf(row)
    }
    const requestId = (yield* CurrentRecording)?.options.requestId
    const here = yield* readAll(hub, { stream })
    const since = here.filter((event) => requestId !== undefined && event.requestId === requestId)
    let document: StoredDocument<A> | undefined
    for (const event of [...before, ...since]) document = kind.evolve(document, event)
    // Its stream here is another one: what is appended stands behind what the session has done to it.
    return document === undefined ? undefined : { ...document, version: here.at(-1)?.version ?? 0 }
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

  /**
   * Documents that name each other, as they stand in the log: from one to that whose id stands in it, and so on, as many
   * as are there of so many. `path`: of the id in a value; `until`: at which nobody is asked any more. Fails as for what
   * is not there, where one may not be read.
   */
  const lineage = Effect.fnUntraced(function*(
    id: string,
    { limit, path, until }: Pick<Lineage, "limit" | "path"> & { readonly until: (id: string) => boolean }
  ): Effect.fn.Return<ReadonlyArray<StoredDocument<A>>, ReadFailure> {
    const at = { tenant: yield* CurrentTenant, key: id, path: ["value", ...path], limit }
    const documents: Array<StoredDocument<A>> = []
    for (const row of yield* tables.lineage(projection, at)) {
      const document = until(row.key) ? undefined : yield* documentOf(row)
      if (document === undefined) break
      yield* access.authorizeRead(resourceOf(row.key, document), absent(row.key))
      documents.push(document)
    }
    return documents
  })

  /** Also of one that was deleted: who pages goes on behind it. */
  const positionOf = Effect.fnUntraced(function*(id: string): Effect.fn.Return<number, ReadFailure> {
    const tenant = yield* CurrentTenant
    const row = yield* tables.get(projection, tenant, id)
    if (row !== undefined) {
      yield* access.authorizeRead(resourceOf(id, row.document), absent(id))
      return row.position
    }
    const [created] = yield* hub.read({
      tenant,
      stream: kind.streamOf(id),
      types: [...projection.types],
      after: 0,
      limit: 1
    })
    const document = created === undefined ? undefined : kind.evolve(undefined, created)
    if (created === undefined || document === undefined) return yield* absent(id)()
    yield* access.authorizeRead(resourceOf(id, document), absent(id))
    return created.position
  })

  const firstEvents = <E, R>(id: string, decide: (owner: StoredDocument<A>["owner"]) => Decision<E, R>) =>
    Effect.flatMap(
      CurrentPrincipal,
      (owner) => Effect.andThen(access.authorize("create", { type, id, owner }, absent(id)), decide(owner))
    )

  const appendNew = (id: string, events: ReadonlyArray<EventDraft>) =>
    hub.append(kind.streamOf(id), "none", events).pipe(
      Effect.catchTags({ VersionConflict: () => Effect.fail(taken(type, id)), EventIdTaken: Effect.die })
    )

  const append = Effect.fnUntraced(
    function*<E, R>(id: string, decide: (owner: StoredDocument<A>["owner"]) => Decision<E, R>) {
      yield* appendNew(id, yield* firstEvents(id, decide))
      return yield* stored(id)
    }
  )

  return {
    kind,
    /** Fails where who asks may make none: to be asked where making one costs something. */
    authorizeCreate: Effect.flatMap(CurrentPrincipal, (owner) => {
      const denied = new AccessDenied({ action: "create", resource: `${type}::*` })
      return access.authorize("create", { type, id: "", owner }, () => denied)
    }),
    /** Appends the events that make it: the first of them says whose it is. `owner` is who asks. */
    create: <E, R>(id: string, decide: (owner: StoredDocument<A>["owner"]) => Decision<E, R>) =>
      Effect.catch(
        append(id, decide),
        (error) => error instanceof DocumentConflict ? Effect.die(error) : Effect.fail(error)
      ),
    /** The same with an id that another may have, or have had. */
    createNamed: append,
    /**
     * The same within a request that needs nothing of it: it is in the log when the request is, and nobody waits before.
     * `onTaken`: what is done where another has the id, or had it.
     */
    createWithRequest: <E, R>(
      id: string,
      decide: (owner: StoredDocument<A>["owner"]) => Decision<E, R>,
      onTaken: (error: DocumentConflict) => Effect.Effect<void> = Effect.die
    ) =>
      Effect.flatMap(firstEvents(id, decide), (events) => {
        const appended = Effect.asVoid(Effect.catchTag(appendNew(id, events), "DocumentConflict", onTaken))
        return Effect.flatMap(
          CurrentRecording,
          (recording) => recording === undefined ? appended : recording.beside(appended)
        )
      }),
    /** As it stands in the log now; fails as for what is not there, where it may not be read. */
    get,
    lineage,
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
    list: Effect.fnUntraced(
      function*(query: ListQuery): Effect.fn.Return<DocumentPage<StoredDocument<A>>, ReadFailure> {
        const visible = yield* access.filter("read", type)
        const { data, has_more } = yield* pageOf(tables, projection, {
          ...query,
          filter: RowFilter.and(visible, query.filter ?? RowFilter.all),
          positionOf
        })
        // What was deleted meanwhile is in no page.
        const documents = yield* Effect.forEach(data, documentOf)
        return { data: documents.filter((document) => document !== undefined), has_more }
      }
    )
  }
})
