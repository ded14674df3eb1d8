/** Server-sent events as the WHATWG standard has an EventSource read them: one connection, and what it left behind. */
import { Effect } from "effect"
import { Http } from "./Http.ts"

export interface Message {
  readonly id: string
  readonly event: string
  readonly data: string
}

export interface Connection {
  readonly messages: ReadonlyArray<Message>
  readonly comments: ReadonlyArray<string>
  /** What the next connection sends as `last-event-id`. */
  readonly lastEventId: string
  /** Milliseconds the server asks to wait before it. */
  readonly retry: number | undefined
}

export interface Options {
  readonly lastEventId?: string
  /** When to leave; default: when the server ends the stream. */
  readonly until?: (connection: Connection) => boolean
}

const parser = (lastEventId: string) => {
  const messages: Array<Message> = []
  const comments: Array<string> = []
  const seen = { messages, comments, lastEventId, retry: undefined as number | undefined }
  let rest = ""
  let id = lastEventId
  let event = ""
  let data: Array<string> = []

  const dispatch = () => {
    seen.lastEventId = id
    if (data.length > 0) messages.push({ id, event: event === "" ? "message" : event, data: data.join("\n") })
    event = ""
    data = []
  }

  const take = (line: string) => {
    if (line === "") return dispatch()
    if (line.startsWith(":")) return void comments.push(line.slice(1).trim())
    const colon = line.indexOf(":")
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (name === "id") id = value
    else if (name === "event") event = value
    else if (name === "data") data.push(value)
    else if (name === "retry") seen.retry = Number(value)
    else throw new Error(`a field no EventSource knows: ${line}`)
  }

  return {
    seen,
    feed: (text: string) => {
      const lines = (rest + text).split(/\r\n|\n|\r/)
      rest = lines.pop() ?? ""
      lines.forEach(take)
    }
  }
}

/** Connects, reads until it is to leave or the server ends the stream, and says what it saw. */
const connect = (url: string, path: string, options: Options = {}): Effect.Effect<Connection> =>
  Effect.scoped(Effect.gen(function*() {
    const { lastEventId = "", until = () => false } = options
    const headers = { accept: "text/event-stream", ...(lastEventId === "" ? {} : { "last-event-id": lastEventId }) }
    const response = yield* Http.open(url, path, { headers })
    if (response.statusCode !== 200 || !response.headers["content-type"]?.startsWith("text/event-stream")) {
      return yield* Effect.die(new Error(`no EventSource stays connected to ${response.statusCode}`))
    }
    const { feed, seen } = parser(lastEventId)
    return yield* Effect.callback<Connection>((resume) => {
      response.setEncoding("utf8")
      response.on("data", (text: string) => {
        feed(text)
        if (until(seen)) resume(Effect.succeed(seen))
      })
      response.once("end", () => resume(Effect.succeed(seen)))
      response.once("error", () => resume(Effect.succeed(seen)))
    })
  }))

export const EventSourceReader = { connect }
