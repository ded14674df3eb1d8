/**
 * What holds of all that clients make and keep, whatever it is: a change that was answered survives `kill -9`, tables that
 * are made anew give the same answers, and nobody sees, counts or pages what is another's.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import type { Scope } from "effect"
import { WebSocket } from "ws"
import { field } from "../../src/events/types/JsonAccess.ts"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { Keys } from "./Keys.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import * as StrataProcess from "./StrataProcess.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

export interface DocumentRequest {
  readonly method: string
  readonly path: string
  /** JSON, or a form; of `WEBSOCKET` a message, whose answer is the response. */
  readonly body?: object
}

/** What is known of a document by the answers so far: its id, and what a change says of it. */
export type Known = Readonly<Record<string, string>>

/** What is answered: GET, where no method is named. */
interface Shown extends Partial<DocumentRequest> {
  readonly path: string
  readonly status?: number
  readonly includes?: string
}

export interface DocumentChange {
  readonly name: string
  /** It makes another, and names none that is there. */
  readonly isOfAnyone?: boolean
  /** What somebody else gets who asks for it; default 404. */
  readonly refused?: number
  /** Absent: nobody asks for it, and time alone brings it. */
  readonly ask?: (known: Known) => DocumentRequest
  /** From here on the server's clock is so many hours ahead. */
  readonly hoursLater?: number
  /** What of its answer is kept. */
  readonly learn?: (answer: never) => Known
  /** What goes on by itself: waited for before the server is killed. */
  readonly until?: (known: Known) => { readonly path: string; readonly includes: string }
  /** What is answered when it was done, and was not before; of what time brings: soon. */
  readonly seen: (known: Known) => Shown
  /** Of what goes on by itself: what a GET says in the end, also where the server was killed before. */
  readonly settled?: (known: Known) => { readonly path: string; readonly includes: string }
}

export interface DocumentCase {
  readonly name: string
  /** In order. The first one makes it and learns `id`; the last one deletes it. */
  readonly changes: ReadonlyArray<DocumentChange>
  /** Every GET of it. */
  readonly reads: (known: Known) => ReadonlyArray<string>
  /** Lists that it stands in; none: it is in no list. */
  readonly lists: ReadonlyArray<string>
  /** What their cursor is called; default `after`. */
  readonly cursor?: string
  /** Providers of other APIs, by the address of a server that answers them nothing. */
  readonly providers?: (url: string) => Readonly<Record<string, ReadonlyArray<object>>>
}

/** The model thinks for ever about this. */
const isNeverAnswered = (bodyText: string): boolean => bodyText.includes("\"never\"")

const streamed = Chat.answering(["Hi"])

const respond = (request: ReceivedRequest): ScriptedAnswer | undefined => {
  const { body, bodyText, method, path } = request
  if (method === "GET") return undefined
  if (isNeverAnswered(bodyText) || path.includes("/file-processors/")) return { _tag: "Silent" }
  if (field(body, "stream") === true) return streamed(request)
  return ScriptedAnswer.json(200, {
    id: "chatcmpl-kept",
    object: "chat.completion",
    created: 7,
    model: "m-2026",
    choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }]
  })
}

const laterClock = new URL("LaterClock.ts", import.meta.url).href

/** A server whose folder outlives it; each start is another process. */
const world = Effect.fnUntraced(function*({ providers }: Pick<DocumentCase, "providers">) {
  const folder = yield* TemporaryFolder.make
  const upstream = yield* FakeUpstream.make({ respond, models: ["m", "e"] })
  const configuration = JSON.stringify({
    providers: {
      inference: [
        { provider_id: "upstream", provider_type: "remote::openai", config: { base_url: upstream.url } },
        { provider_id: "embeddings", provider_type: "inline::sentence-transformers", config: {} }
      ],
      vector_io: [{ provider_id: "vectors", provider_type: "inline::sqlite-vec", config: {} }],
      files: [{ provider_id: "files", provider_type: "inline::localfs", config: {} }],
      ...providers?.(new URL(upstream.url).origin)
    },
    server: { auth: { providers: [Keys.provider({ alice: {}, bob: {} })] } }
  })
  return {
    start: (hours = 0) =>
      StrataProcess.serve({
        folder,
        configuration,
        ...hours === 0 ? {} : { environment: { NODE_OPTIONS: `--import ${laterClock}?hours=${hours}` } }
      }),
    rebuild: StrataProcess.run(["projections", "rebuild", "--data", `${folder}/data`], { folder })
  }
})

/** Says one message over a connection of its own, and gives the response as soon as its last event is there. */
const sendOverSocket = (url: string, name: string, { body, path }: DocumentRequest) =>
  Effect.callback<{ status: number; text: string }>((resume) => {
    const socket = new WebSocket(url.replace("http", "ws") + path, { headers: Keys.headers(name) })
    socket.on("open", () => socket.send(JSON.stringify(body)))
    socket.on("message", (data) => {
      const { response, status, type } = JSON.parse(String(data))
      if (type !== "response.completed" && type !== "error") return
      socket.close()
      resume(Effect.succeed({ status: status ?? 200, text: JSON.stringify(response ?? {}) }))
    })
  })

const send = (url: string, name: string, request: DocumentRequest) => {
  const { body, method, path } = request
  if (method === "WEBSOCKET") return sendOverSocket(url, name, request)
  return Effect.promise(() => {
    const isForm = body instanceof FormData
    return fetch(url + path, {
      method,
      headers: { ...Keys.headers(name), ...body === undefined || isForm ? {} : { "content-type": "application/json" } },
      ...body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }
    }).then((response) => response.text().then((text) => ({ status: response.status, text })))
  })
}

const get = (url: string, name: string, path: string) => Http.send(url, path, { headers: Keys.headers(name) })

const answers = (url: string, paths: ReadonlyArray<string>) =>
  Effect.forEach(paths, (path) =>
    // The server's address is another one after each start.
    Effect.map(get(url, "alice", path), ({ status, text }) => [path, status, text.replaceAll(url, "<server>")]))

const isReached = Effect.fnUntraced(function*(url: string, { includes, path }: { path: string; includes: string }) {
  for (let attempt = 0; attempt < 600; attempt++) {
    if ((yield* get(url, "alice", path)).text.includes(includes)) return
    yield* Effect.sleep("50 millis")
  }
  assert.fail(`${path} does not come to ${includes}`)
})

/** Asks for the change, and gives what is known then. */
const change = Effect.fnUntraced(function*(url: string, { ask, learn, name, until }: DocumentChange, known: Known) {
  if (ask === undefined) return known
  const { status, text } = yield* send(url, "alice", ask(known))
  assert.include([200, 201, 204], status, `${name}: ${text}`)
  const learnt = learn === undefined ? known : { ...known, ...learn(JSON.parse(text) as never) }
  if (until !== undefined) yield* isReached(url, until(learnt))
  return learnt
})

const isThere = Effect.fnUntraced(function*(url: string, { name, seen }: DocumentChange, known: Known) {
  const { includes, method = "GET", status = 200, ...request } = seen(known)
  const answer = yield* send(url, "alice", { method, ...request })
  assert.strictEqual(answer.status, status, `${name}: ${answer.text}`)
  if (includes !== undefined) assert.include(answer.text, includes, name)
})

/** What nobody asks for is done by the server itself, some time behind its start. */
const comesAbout = (url: string, each: DocumentChange, known: Known) =>
  Effect.retry(Effect.catchDefect(isThere(url, each, known), Effect.fail), {
    schedule: Schedule.spaced("50 millis"),
    times: 400
  })

const settles = Effect.fnUntraced(function*(url: string, { settled }: DocumentChange, known: Known) {
  if (settled === undefined) return
  const { includes, path } = settled(known)
  const asked = Effect.map(get(url, "alice", path), ({ text }) => text)
  yield* Effect.repeat(Effect.delay(asked, "50 millis"), { until: (text) => text.includes(includes) })
})

const survives = (document: DocumentCase) =>
  Effect.gen(function*() {
    const { changes, lists, reads } = document
    const { rebuild, start } = yield* world(document)
    let hours = 0
    let server: StrataProcess.StrataServer = yield* start(hours)
    let known: Known = {}
    for (const [index, each] of changes.entries()) {
      if (each.hoursLater !== undefined) {
        yield* server.kill("SIGKILL")
        server = yield* start(hours += each.hoursLater)
        yield* comesAbout(server.url, each, known)
      }
      known = yield* change(server.url, each, known)
      yield* server.kill("SIGKILL")
      // Of what has all that it may have, and of what is deleted, the tables are made anew, too.
      const isLast = index >= changes.length - 2
      const paths = [...reads(known), ...lists]
      server = yield* start(hours)
      yield* isThere(server.url, each, known)
      yield* settles(server.url, each, known)
      if (!isLast) continue
      const before = yield* answers(server.url, paths)
      yield* server.kill("SIGKILL")
      const rebuilt = yield* rebuild
      assert.strictEqual(rebuilt.code, 0, rebuilt.stderr)
      server = yield* start(hours)
      assert.deepStrictEqual(yield* answers(server.url, paths), before)
      yield* isThere(server.url, each, known)
    }
  })

const isHidden = (document: DocumentCase) =>
  Effect.gen(function*() {
    const { changes, cursor = "after", lists, reads } = document
    const { start } = yield* world(document)
    const { url } = yield* start()
    let known: Known = {}
    const made = changes.slice(0, -1)
    for (const each of made) known = yield* change(url, each, known)
    const { id = "" } = known
    for (const path of reads(known)) {
      assert.strictEqual((yield* get(url, "alice", path)).status, 200, path)
      const other = yield* get(url, "bob", path)
      assert.strictEqual(other.status, 404, `${path}: ${other.text}`)
    }
    for (const each of changes.slice(1).filter(({ isOfAnyone }) => isOfAnyone !== true)) {
      if (each.ask === undefined) continue
      const { status, text } = yield* send(url, "bob", each.ask(known))
      assert.strictEqual(status, each.refused ?? 404, `${each.name}: ${text}`)
    }
    for (const path of lists) {
      assert.include((yield* get(url, "alice", path)).text, id)
      const list = yield* get(url, "bob", path)
      assert.deepInclude(list.json as object, { data: [], has_more: false })
      const behind = yield* get(url, "bob", `${path}${path.includes("?") ? "&" : "?"}${cursor}=${id}`)
      assert.strictEqual(behind.status, 404, behind.text)
    }
  })

const live = <E>(name: string, effect: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.scoped(effect), 180_000)

export const documentContract = (document: DocumentCase) => {
  describe(`${document.name} that clients keep`, () => {
    live("survive kill -9 right after each change's reply, and a rebuild of the tables", survives(document))
    live("are nobody else's: neither seen, nor counted, paged or changed", isHidden(document))
  })
}
