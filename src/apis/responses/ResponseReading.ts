/** Responses that are kept, as they are asked for: one, many, what they were made of, their events again. */
import { Effect, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { CurrentReplayDocuments } from "../../kernel/documents/ReplayDocuments.ts"
import * as GivenParts from "./GivenParts.ts"
import { invalid } from "./ResponseErrors.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import * as ResponseEventsAgain from "./ResponseEventsAgain.ts"
import * as ResponseFrames from "./ResponseFrames.ts"
import type { Item } from "./ResponseItems.ts"
import { ResponseKind } from "./ResponseKind.ts"
import type { Responses } from "./Responses.ts"
import type { InputItemsQuery } from "./ResponsesModels.ts"
import type { Content, ResponseStore } from "./ResponseStore.ts"
import * as Store from "./ResponseStore.ts"

type Service = Pick<Responses["Service"], "get" | "stream" | "list" | "inputItems">

/** A page of items, the oldest of which come first. */
export const pageOf = (
  items: ReadonlyArray<Item>,
  { after, before, limit, order = "desc" }: Omit<InputItemsQuery, "include">
) => {
  const ordered = order === "desc" ? items.toReversed() : items
  const at = (id: string | undefined) => id === undefined ? undefined : ordered.findIndex((item) => item["id"] === id)
  const [from, to] = [at(after), at(before)]
  if (from === -1 || to === -1) return undefined
  const between = ordered.slice(from === undefined ? 0 : from + 1, to)
  // Whoever goes back asks for what stands right before.
  const backwards = to !== undefined && from === undefined
  const data = backwards ? between.slice(-limit) : between.slice(0, limit)
  return { data, has_more: between.length > data.length }
}

const numberOf = (event: Item | undefined): number => Number(event?.["sequence_number"] ?? -1)

/** How it ended, as the last event of a stream. */
const lastOf = (content: Content, before: ReadonlyArray<Item>): Item => {
  const { status } = content
  const last = status === "completed" || status === "failed" ? status : "incomplete"
  return {
    type: `response.${last}`,
    sequence_number: numberOf(before.at(-1)) + 1,
    response: Store.objectOf(content)
  }
}

/** As the last event of a stream: nobody makes it any more, and it is not there. */
const deletedOf = (content: Content, before: ReadonlyArray<Item>): Item => {
  const response = Store.objectOf(content)
  const message = `The response ${content.created.response} was deleted while it was made.`
  return {
    type: "response.failed",
    sequence_number: numberOf(before.at(-1)) + 1,
    response: { ...response, status: "failed", error: { code: "response_deleted", message } }
  }
}

const followedTypes = [
  ResponseEvents.Created,
  ResponseEvents.Streamed,
  ResponseEvents.Ended,
  ResponseEvents.Deleted
].map(({ type }) => type)

/** What is said in the background, from the events of its stream, until it ends. */
const itemEventsOf = <E>(stream: Stream.Stream<RecordedEvent, E>): Stream.Stream<Item, E> =>
  Stream.suspend(() => {
    const fold = new Store.ContentFold()
    let last: ReadonlyArray<Item> = []
    let taken = 0
    let sent = -1
    /** Events that nobody got; another attempt says what the last one said, too. */
    const fresh = (events: ReadonlyArray<Item>): ReadonlyArray<Item> => {
      const news = (events === last ? events.slice(taken) : events).filter((each) => numberOf(each) > sent)
      last = events
      taken = events.length
      sent = Math.max(sent, numberOf(events.at(-1)))
      return news
    }
    return stream.pipe(
      Stream.map((event): { readonly events: ReadonlyArray<Item>; readonly isEnd: boolean } => {
        const isDeleted = event.type === ResponseEvents.Deleted.type
        if (!isDeleted) fold.add(event)
        const { content } = fold
        if (isDeleted) {
          return { events: content === undefined ? [] : [deletedOf(content, content.events)], isEnd: true }
        }
        if (content === undefined) return { events: [], isEnd: false }
        const news = fresh(content.events)
        return content.end === undefined
          ? { events: news, isEnd: false }
          : { events: [...news, lastOf(content, content.events)], isEnd: true }
      }),
      Stream.takeUntil(({ isEnd }) => isEnd),
      Stream.flatMap(({ events }) => Stream.fromIterable(events))
    )
  })

export const make = (
  { hub, store }: { readonly hub: EventHub["Service"]; readonly store: ResponseStore }
): Service => {
  /** Events that are said in the background: from the first, and those to come. */
  const followed = Effect.fnUntraced(function*(id: string) {
    const stream = ResponseKind.streamOf(id)
    const replay = yield* CurrentReplayDocuments
    if (replay !== undefined) {
      const events = yield* replay.awaitedOf(stream, new Set(followedTypes))
      if (events.length === 0) replay.missed(stream)
      return Stream.fromIterable(events)
    }
    return hub.follow({ tenant: yield* CurrentTenant, stream, types: followedTypes, after: 0 }).pipe(Stream.orDie)
  })

  return {
    get: (id) => Effect.map(store.content(id), Store.objectOf),
    stream: Effect.fnUntraced(function*(id, { starting_after = -1 }) {
      const content = yield* store.content(id)
      const events = content.created.request["background"] === true
        ? itemEventsOf(yield* followed(id))
        : Stream.fromIterable(ResponseEventsAgain.of(Store.objectOf(content)))
      return ResponseFrames.ofEvents(events.pipe(Stream.filter((event) => numberOf(event) > starting_after)))
    }),
    list: Effect.fnUntraced(function*({ after, before, limit, model, order }) {
      const { data, has_more } = yield* store.documents.list({
        after,
        before,
        limit,
        order,
        where: model === undefined ? undefined : { model }
      })
      const listed = yield* Effect.forEach(data, ({ value }) =>
        Effect.matchEffect(store.content(value.id), {
          onSuccess: (content) =>
            Effect.succeed([{
              ...Store.objectOf(content),
              input: GivenParts.asGiven(content.created.input as ReadonlyArray<Item>)
            }]),
          // It was deleted meanwhile.
          onFailure: (error) => error._tag === "DocumentNotFound" ? Effect.succeed([]) : Effect.fail(error)
        }))
      return { data: listed.flat(), has_more }
    }),
    inputItems: Effect.fnUntraced(function*(id, query) {
      const content = yield* store.content(id)
      const { created } = content
      const before = yield* Effect.catchTag(
        store.before(content),
        "DocumentNotFound",
        () => Effect.succeed(Store.noChain)
      )
      const page = pageOf([...before.items, ...created.input as ReadonlyArray<Item>], query)
      if (page !== undefined) return { ...page, data: GivenParts.asGiven(page.data) }
      const cursor = query.after === undefined ? "before" : "after"
      return yield* invalid(cursor, `${cursor}: there is no such item in the input of ${id}: send the id of one.`)
    })
  }
}
