/** Responses that are kept: read with what was said, and the conversation each goes on from. */
import { Effect, Option } from "effect"
import type { Schema } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { readAll } from "../../events/log/ReadAll.ts"
import { addAll } from "../../events/types/AddAll.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import { RecentMap } from "../../events/types/RecentMap.ts"
import { CurrentTenant, qualified } from "../../events/types/Tenant.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import { CurrentReplayDocuments } from "../../kernel/documents/ReplayDocuments.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import * as WorkEvents from "../../kernel/work/WorkEvents.ts"
import { Conversations } from "../conversations/Conversations.ts"
import * as GivenParts from "./GivenParts.ts"
import * as ImpliedFields from "./ImpliedFields.ts"
import * as ItemIds from "./ItemIds.ts"
import * as ItemMessages from "./ItemMessages.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import type { Item } from "./ResponseItems.ts"
import { ResponseKind } from "./ResponseKind.ts"
import * as ResponseObject from "./ResponseObject.ts"

type Created = typeof ResponseEvents.Created.payload.Encoded

/** A response with all that was said in it. */
export interface Content {
  readonly created: Created
  readonly end: ResponseEnd | undefined
  readonly status: string
  /** Events that its work has said until now; those of the last attempt. */
  readonly events: ReadonlyArray<Item>
}

/** Folds the events of a response's stream as they come: each is taken in once. */
export class ContentFold {
  #content: Content | undefined
  #attempt = 0
  #events: Array<Item> = []

  /** Undefined: it has not begun. What is said later comes into the same `events`. */
  get content(): Content | undefined {
    return this.#content
  }

  add(event: RecordedEvent): void {
    if (event.type === ResponseEvents.Created.type) return this.#begin(payloadOf(event) as unknown as Created)
    const content = this.#content
    if (content === undefined) return
    if (event.type === WorkEvents.Started.type) this.#content = { ...content, status: "in_progress" }
    else if (event.type === ResponseEvents.Streamed.type) {
      const streamed = payloadOf(event) as unknown as typeof ResponseEvents.Streamed.payload.Encoded
      if (streamed.attempt !== this.#attempt) {
        this.#attempt = streamed.attempt
        this.#events = []
        this.#content = { ...content, events: this.#events }
      }
      for (const each of streamed.events as ReadonlyArray<Item>) this.#events.push(each)
    } else if (event.type === ResponseEvents.Ended.type) {
      const { end } = payloadOf(event) as unknown as typeof ResponseEvents.Ended.payload.Encoded
      this.#content = { ...content, end: end as ResponseEnd, status: end.status }
    }
  }

  #begin(stored: Created): void {
    const { given = [], response } = stored
    const input = GivenParts.remembered(ItemIds.withOwnIds(stored.input as ReadonlyArray<Item>, response), given)
    const end = (stored.end ?? undefined) as ResponseEnd | undefined
    this.#events = []
    this.#content = { created: { ...stored, input }, end, status: end?.status ?? "queued", events: this.#events }
  }
}

const contentOf = (events: Iterable<RecordedEvent>): Content | undefined => {
  const fold = new ContentFold()
  for (const event of events) fold.add(event)
  return fold.content
}

export const outputOf = ({ end }: Content): ReadonlyArray<Item> => end?.output ?? []

/** A response by its id. */
interface Kept {
  readonly id: string
  readonly content: Content
}

/** As its client gets it. */
export const objectOf = ({ created, end, status }: Content): Item => {
  const { vendor } = created
  if (vendor !== undefined && end !== undefined) {
    return { ...ImpliedFields.restored(vendor, { ...created, end }), output: end.output }
  }
  return ResponseObject.make(
    {
      id: created.response,
      created_at: created.created_at,
      request: created.request,
      previous: created.previous,
      conversation: created.conversation
    },
    end,
    status
  )
}

/** A conversation up to the end of a response. */
export interface Chain {
  readonly items: ReadonlyArray<Item>
  /** It begins with the items of a conversation that is kept: those may be deleted, and it is read anew each time. */
  readonly isOfConversation?: true
  /** They are read off the items when they are asked for first. */
  readonly messages: Effect.Effect<ReadonlyArray<Message>>
  readonly length: number
}

export const noChain: Chain = { items: [], messages: Effect.succeed([]), length: 0 }

const emptyConversation: Chain = { ...noChain, isOfConversation: true }

/** Characters of a value's texts and names: about what it takes in memory, and nothing is written to count them. */
const charactersOf = (value: Schema.Json): number => {
  if (typeof value === "string") return value.length
  if (typeof value !== "object" || value === null) return 1
  let sum = 0
  if (Array.isArray(value)) { for (const each of value) sum += charactersOf(each) }
  else for (const name of Object.keys(value)) sum += name.length + charactersOf((value as Item)[name]!)
  return sum
}

/** Of a conversation, whose items are read together or as they come: the messages are the same. */
const joinedIn = (chain: Chain) => chain.isOfConversation === true ? ItemMessages.joined : followed

const followed = (first: ReadonlyArray<Message>, then: ReadonlyArray<Message>) => [...first, ...then]

/** The chain with what was said next. */
export const goOn = (chain: Chain, items: ReadonlyArray<Item>): Chain => {
  const join = joinedIn(chain)
  let read: ReadonlyArray<Message> | undefined
  let before: Chain | undefined = chain
  return {
    ...chain,
    items: [...chain.items, ...items],
    messages: Effect.suspend(() => {
      if (read !== undefined || before === undefined) return Effect.succeed(read ?? [])
      // They were read when they came, and no dialect refused them.
      const further = Effect.catch(ItemMessages.of(items), () => Effect.succeed<ReadonlyArray<Message>>([]))
      return Effect.zipWith(before.messages, further, (first, then) => {
        before = undefined
        return read = join(first, then)
      })
    }),
    length: chain.length + charactersOf(items)
  }
}

/** What a conversation says as of a position. */
export interface Conversation {
  readonly chain: Chain
  readonly position: number
}

/** Characters of conversations that are remembered, so that the next response reads one response and not all before it. */
const mostCharacters = 16 * 1024 * 1024

/** Responses that are read at once behind one that is not remembered: at first few, for one before may be. */
const pages = { first: 8, further: 256 }

const withoutBeginning = (id: string) => Effect.die(new Error(`the response ${id} has no beginning in the log`))

const types = new Set([
  ResponseEvents.Created.type,
  ResponseEvents.Streamed.type,
  ResponseEvents.Ended.type,
  WorkEvents.Started.type
])

export type ResponseStore = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const documents = yield* Documents.of(ResponseKind)
  const conversations = Option.getOrUndefined(yield* Effect.serviceOption(Conversations))
  const chains = new RecentMap<string, Chain>(mostCharacters, ({ length }) => length)

  const keyOf = (id: string) => Effect.map(CurrentTenant, (tenant) => qualified(tenant, id))

  const eventsOf = Effect.fnUntraced(function*(id: string) {
    const stream = ResponseKind.streamOf(id)
    const tenant = yield* CurrentTenant
    const here = yield* readAll(hub, { tenant, stream, types: [...types] })
    const replay = yield* CurrentReplayDocuments
    if (replay === undefined) return here
    const before = yield* replay.eventsOf(stream, types)
    // A session from elsewhere goes on from what the verification has made of it so far.
    if (before.length === 0) {
      if (contentOf(here)?.end === undefined) replay.missed(stream)
      return here
    }
    const requestId = (yield* CurrentRecording)?.options.requestId
    return [...before, ...here.filter((event) => event.requestId === requestId)]
  })

  /** Whoever may not read it gets what is said of one that is not there. */
  const content = Effect.fnUntraced(function*(id: string) {
    const { value } = yield* documents.get(id)
    return contentOf(yield* eventsOf(id)) ?? (yield* withoutBeginning(value.id))
  })

  /** Those that one goes on from, itself first, as many as are there of so many: read at once. */
  const contents = Effect.fnUntraced(function*(id: string, limit: number) {
    const tenant = yield* CurrentTenant
    const until = (id: string) => chains.get(qualified(tenant, id)) !== undefined
    const kept = yield* documents.lineage(id, { path: ["previous"], limit, until })
    const folds = new Map(kept.map(({ value }) => [ResponseKind.streamOf(value.id), new ContentFold()]))
    for (const event of yield* readAll(hub, { tenant, streams: [...folds.keys()], types: [...types] })) {
      folds.get(event.stream)?.add(event)
    }
    return yield* Effect.forEach(kept, ({ value: { id } }) => {
      const content = folds.get(ResponseKind.streamOf(id))?.content
      return content === undefined ? withoutBeginning(id) : Effect.succeed({ id, content })
    })
  })

  const remember = (id: string, chain: Chain) =>
    Effect.flatMap(
      CurrentReplayDocuments,
      (replay) =>
        replay === undefined && chain.isOfConversation !== true
          ? Effect.map(keyOf(id), (key) => chains.set(key, chain))
          : Effect.void
    )

  const inConversations = new RecentMap<string, Conversation>(mostCharacters, ({ chain }) => chain.length)

  /** What a conversation says: what was added to it since it was asked for last is read. */
  const chainOfConversation = Effect.fnUntraced(
    function*(id: string, { itemsSince }: Pick<Conversations["Service"], "itemsSince">) {
      const key = yield* keyOf(id)
      const isReplay = (yield* CurrentReplayDocuments) !== undefined
      const last = isReplay ? undefined : inConversations.get(key)
      const { isAll, position, values } = yield* itemsSince(id, last?.position ?? 0)
      const before = isAll || last === undefined ? emptyConversation : last.chain
      const chain = values.length === 0 ? before : goOn(before, values as ReadonlyArray<Item>)
      if (!isReplay) inConversations.set(key, { chain, position })
      return { chain, position } satisfies Conversation
    }
  )

  /** What stood in its conversation before a response; nothing where neither the conversation nor the response's own items are there. */
  const beforeIn = Effect.fnUntraced(function*({ created, end }: Content) {
    if (created.conversation === null || conversations === undefined) return noChain
    const { chain } = yield* Effect.catchTag(
      chainOfConversation(created.conversation, conversations),
      "DocumentNotFound",
      () => Effect.succeed({ chain: emptyConversation })
    )
    const own = new Set([...created.input as ReadonlyArray<Item>, ...end?.output ?? []].map(({ id }) => textOrNull(id)))
    const at = chain.items.findIndex(({ id }) => id !== undefined && own.has(textOrNull(id)))
    return at < 1 ? emptyConversation : goOn(emptyConversation, chain.items.slice(0, at))
  })

  /** The conversation that goes on behind a response: from the nearest one that is remembered. */
  const chainOf = Effect.fnUntraced(function*(id: string) {
    const behind: Array<Kept> = []
    const isReplay = (yield* CurrentReplayDocuments) !== undefined
    let next: string | null = id
    let chain: Chain = noChain
    while (next !== null) {
      // Each is asked for: what is deleted, or somebody else's, is not gone on from.
      yield* behind.length === 0 ? documents.get(next) : Effect.void
      const remembered = chains.get(yield* keyOf(next))
      if (remembered !== undefined) {
        chain = remembered
        break
      }
      const page: ReadonlyArray<Kept> = isReplay
        ? []
        : yield* contents(next, behind.length === 0 ? pages.first : pages.further)
      // What is not in the table says so itself.
      addAll(behind, page.length > 0 ? page : [{ id: next, content: yield* content(next) }])
      next = behind.at(-1)!.content.created.previous
    }
    const first = next === null ? behind.at(-1) : undefined
    if (first !== undefined) chain = yield* beforeIn(first.content)
    for (const { content, id } of behind.toReversed()) {
      chain = goOn(chain, [...content.created.input as ReadonlyArray<Item>, ...outputOf(content)])
      if (content.end !== undefined) yield* remember(id, chain)
    }
    return chain
  })

  /** Whether there is all of it. */
  const isMade = Effect.fnUntraced(function*(id: string) {
    if (chains.get(yield* keyOf(id)) !== undefined) return true
    return (yield* content(id)).end !== undefined
  })

  return {
    documents,
    content,
    chainOfConversation,
    chain: chainOf,
    /** What a response goes on from: that before it, or its conversation. */
    before: (content: Content) =>
      content.created.previous === null ? beforeIn(content) : chainOf(content.created.previous),
    isMade,
    remember,
    /** What is deleted is in no conversation any more. */
    forget: Effect.sync(() => chains.clear())
  }
})
