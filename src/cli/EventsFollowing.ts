/** Reads the events of a running server, and connects again behind the last one when the server goes away. */
import { Console, Data, Duration, Effect, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { HttpClientResponse } from "effect/http"
import * as JsonAccess from "../events/types/JsonAccess.ts"

export interface Options {
  readonly url: string
  /** The filters, as `GET /v1/events` has them. */
  readonly query: Readonly<Record<string, string>>
  readonly after: number | "latest"
  /** False: end when all past events are read. */
  readonly follow: boolean
  /** How often in a row it tries to connect again before it gives up; 0: it ends with the server. */
  readonly retries: number
}

/** No server answered, or the connection broke. */
class ServerSilent extends Data.TaggedError("ServerSilent")<{ readonly message: string }> {}

/** A server answered, and will not give what was asked for. */
class EventsRefused extends Data.TaggedError("EventsRefused")<{ readonly message: string }> {}

/** Milliseconds before the first attempt to connect again; each further one waits twice as long, up to a bound. */
const shortestPause = 250
const longestPause = 5000

const silent = (url: string, reason: string) =>
  new ServerSilent({ message: `No events from ${url}: ${reason}. Is the server running? --url names another.` })

const refusal = Effect.fnUntraced(function*(url: string, response: HttpClientResponse.HttpClientResponse) {
  const body = JsonAccess.parse(yield* Effect.orElseSucceed(response.text, () => ""))
  const explanation = JsonAccess.textOrNull(JsonAccess.field(JsonAccess.field(body, "error"), "message"))
  const reason = explanation ?? `it answered with status ${response.status}`
  if (response.status >= 500) return silent(url, reason.replace(/\.$/, ""))
  return new EventsRefused({ message: `No events from ${url}: ${reason}` })
})

/** One connection; hands over each event, and says where the next connection continues. */
const connect = Effect.fnUntraced(function*<E, R>(
  { follow, query, url }: Options,
  after: number | "latest",
  handlers: {
    readonly connected: Effect.Effect<void>
    readonly moved: (position: number) => void
    readonly event: (json: string) => Effect.Effect<void, E, R>
  }
) {
  const client = yield* HttpClient.HttpClient
  const broken = (error: Error) => silent(url, error.message)
  const request = HttpClientRequest.get(`${url.replace(/\/+$/, "")}/v1/events`).pipe(
    HttpClientRequest.setHeader("accept", "text/event-stream"),
    HttpClientRequest.setUrlParams({ ...query, after: String(after), follow: String(follow) })
  )
  const response = yield* Effect.mapError(client.execute(request), broken)
  if (response.status !== 200) return yield* Effect.flip(refusal(url, response))
  yield* handlers.connected

  let id = ""
  let data = ""
  /** An event counts when the empty line behind it has come. */
  const take = (line: string): Effect.Effect<void, E, R> => {
    if (line.startsWith("id: ")) id = line.slice(4)
    else if (line.startsWith("data: ")) data = line.slice(6)
    if (line !== "" || id === "") return Effect.void
    const event = data === "" ? Effect.void : handlers.event(data)
    data = ""
    return Effect.map(event, () => handlers.moved(Number(id)))
  }
  yield* response.stream.pipe(
    Stream.mapError(broken),
    Stream.decodeText,
    Stream.splitLines,
    Stream.runForEach(take)
  )
})

/** Runs `event` for each event, in order, none left out and none twice. */
export const run = Effect.fnUntraced(function*<E, R>(
  options: Options,
  event: (json: string) => Effect.Effect<void, E, R>
) {
  const { retries, url } = options
  let after = options.after
  let connections = 0
  let failures = 0
  const connected = Effect.suspend(() => {
    failures = 0
    return ++connections > 1 ? Console.error("Connected again.") : Effect.void
  })
  const moved = (position: number) => {
    after = position
  }

  while (true) {
    const before = connections
    const end = yield* connect(options, after, { connected, moved, event }).pipe(
      Effect.as(undefined),
      Effect.catchTag(
        "ServerSilent",
        (error) => connections === 0 || failures >= retries ? Effect.fail(error) : Effect.succeed(error)
      )
    )
    if (end === undefined && (!options.follow || retries === 0)) return
    if (connections > before) {
      yield* Console.error(`${url} went away. Connecting again behind position ${after}.`)
    }
    yield* Effect.sleep(Duration.millis(Math.min(shortestPause * 2 ** failures, longestPause)))
    failures++
  }
})
