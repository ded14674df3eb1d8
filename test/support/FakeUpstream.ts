/** A model vendor on 127.0.0.1 that speaks OpenAI's dialect: recorded answers, scripted misbehaviour, real sockets. */
import { Cause, Clock, Effect, Result, Schema } from "effect"
import type { Duration, Scope } from "effect"
import { createServer } from "node:http"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { makeExchangeBook } from "./ExchangeBook.ts"
import type { Exchange } from "./Recordings.ts"
import { ScriptedAnswer, writeAnswer } from "./ScriptedAnswer.ts"

export interface ReceivedRequest {
  readonly method: string
  /** The path with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly bodyText: string
  readonly bodyBytes: Buffer
  /** Undefined where the body is not JSON. */
  readonly body: Schema.Json | undefined
}

export interface FakeUpstreamOptions {
  /** Answered by endpoint, canonical body and occurrence. */
  readonly exchanges?: ReadonlyArray<Exchange>
  /** The ids of `GET /v1/models`; default none, and who only looks whether it is there is not among `received`. */
  readonly models?: ReadonlyArray<string>
  /** Another answer to `GET /v1/models`. */
  readonly list?: () => ScriptedAnswer
  /** Tried first, but for the list of models; undefined leaves the request to the exchanges. */
  readonly respond?: (request: ReceivedRequest) => ScriptedAnswer | undefined
  /** When given, any other bearer key is answered with 401. */
  readonly apiKey?: string
}

export interface FakeUpstream {
  /** `http://127.0.0.1:<port>/v1` */
  readonly url: string
  /** Grows as requests arrive. */
  readonly received: ReadonlyArray<ReceivedRequest>
  /** How many clients went away before their answer had ended. */
  readonly aborted: number
  /** Waits until so many requests have arrived, as `awaitAborted` does. */
  readonly awaitReceived: (count: number, within?: Duration.Input) => Effect.Effect<void>
  /** Waits until `aborted >= count` in real time, at most `within` (default 5 seconds), then dies. */
  readonly awaitAborted: (count: number, within?: Duration.Input) => Effect.Effect<void>
  /** The upstream is switched off: its connections are cut and its port refuses. */
  readonly close: Effect.Effect<void>
}

const decodeJson = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Json))

const receive = (request: IncomingMessage): Effect.Effect<ReceivedRequest> =>
  Effect.callback((resume) => {
    const parts: Array<Buffer> = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const bodyBytes = Buffer.concat(parts)
      const bodyText = bodyBytes.toString("utf8")
      const headers = Object.entries(request.headers).map(([name, value]) => [name, [value ?? []].flat().join(", ")])
      resume(Effect.succeed({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: Object.fromEntries(headers),
        bodyText,
        bodyBytes,
        body: Result.getOrUndefined(decodeJson(bodyText))
      }))
    })
  })

const isList = ({ method, path }: ReceivedRequest): boolean => method === "GET" && path.split("?")[0] === "/v1/models"

const makeChoice = ({ apiKey, exchanges = [], list, models = [], respond }: FakeUpstreamOptions) => {
  const book = makeExchangeBook(exchanges)
  const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "fake" }))
  return (request: ReceivedRequest): ScriptedAnswer => {
    if (apiKey !== undefined && request.headers["authorization"] !== `Bearer ${apiKey}`) {
      return ScriptedAnswer.error(401, "Incorrect API key provided.", "invalid_api_key")
    }
    if (isList(request)) return list?.() ?? ScriptedAnswer.json(200, { object: "list", data })
    const scripted = respond?.(request)
    if (scripted !== undefined) return scripted
    const path = request.path.split("?")[0] ?? ""
    if (request.method === "POST") return book.take(path, request.body)
    return ScriptedAnswer.error(404, `Unknown request URL: ${request.method} ${path}`, "unknown_url")
  }
}

const listen = (server: Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.once("error", (error) => resume(Effect.die(error)))
    server.listen(0, "127.0.0.1", () => resume(Effect.void))
  })

/** Sockets live in real time, also under a test's clock. */
const inRealTime = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

const awaitCount = (what: string, now: () => number) => (count: number, within: Duration.Input = "5 seconds") =>
  Effect.sleep("2 millis").pipe(
    Effect.repeat({ until: () => now() >= count }),
    Effect.timeoutOrElse({
      duration: within,
      orElse: () => Effect.die(new Error(`waited for ${count} ${what} requests, saw ${now()}`))
    }),
    Effect.asVoid,
    inRealTime
  )

const make = Effect.fnUntraced(
  function*(options: FakeUpstreamOptions = {}): Effect.fn.Return<FakeUpstream, never, Scope.Scope> {
    const choose = makeChoice(options)
    const fork = Effect.runForkWith(yield* Effect.context<never>())
    const received: Array<ReceivedRequest> = []
    let aborted = 0
    let closing = false

    const handle = (incoming: IncomingMessage, response: ServerResponse) => {
      let settled = false
      const settle = () => {
        settled = true
      }
      const answering = receive(incoming).pipe(
        Effect.tap((request) =>
          Effect.sync(() => options.models === undefined && isList(request) ? 0 : received.push(request))
        ),
        Effect.flatMap((request) => writeAnswer(response, choose(request), settle)),
        Effect.catchDefect((defect) => {
          const message = `the fake upstream broke: ${Cause.pretty(Cause.die(defect))}`
          if (!response.headersSent) return writeAnswer(response, ScriptedAnswer.error(500, message), settle)
          settle()
          return Effect.sync(() => void response.destroy())
        }),
        inRealTime
      )
      const fiber = fork(answering)
      response.once("close", () => {
        if (!settled && !closing) aborted += 1
        fiber.interruptUnsafe()
      })
    }

    const server = createServer({ keepAliveTimeout: 0 }, handle)
    const close = Effect.callback<void>((resume) => {
      closing = true
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
    yield* Effect.acquireRelease(listen(server), () => close)
    const { port } = server.address() as AddressInfo

    return {
      url: `http://127.0.0.1:${port}/v1`,
      received,
      get aborted() {
        return aborted
      },
      awaitReceived: awaitCount("received", () => received.length),
      awaitAborted: awaitCount("aborted", () => aborted),
      close
    }
  }
)

export const FakeUpstream = { make }
