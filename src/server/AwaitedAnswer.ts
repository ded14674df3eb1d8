/** The connection of a client who waits for a stream: where it is long in coming, the head goes out before it. */
import type { ServerResponse } from "node:http"
import type { Beating, StreamHeartbeat } from "./StreamHeartbeat.ts"
import { comment } from "./StreamHeartbeat.ts"

type Headers = Readonly<Record<string, string>>

/** On the connection, until it is answered. A `WeakMap` would keep each until the next collection of all garbage. */
const awaited: unique symbol = Symbol.for("strata/server/AwaitedAnswer/awaited")

type Connection = ServerResponse & { [awaited]?: AwaitedAnswer }

class AwaitedAnswer implements Beating {
  quiet = 0
  place = 0
  readonly #connection: ServerResponse
  readonly #headers: () => Headers
  readonly #heartbeat: StreamHeartbeat

  /** `headers`: of a stream; asked for where they go out. */
  constructor(connection: ServerResponse, headers: () => Headers, heartbeat: StreamHeartbeat) {
    this.#connection = connection
    this.#headers = headers
    this.#heartbeat = heartbeat
  }

  readonly beat = (): void => {
    const connection = this.#connection
    if (connection.destroyed || connection.writableEnded) return this.answered()
    if (!connection.headersSent) connection.writeHead(200, this.#headers())
    return void connection.write(comment)
  }

  answered(): void {
    this.#heartbeat.forget(this)
  }
}

/** From now on, whoever waits for a stream over this connection is told. */
export const begin = (connection: Connection, headers: () => Headers, heartbeat: StreamHeartbeat): void => {
  const answer = new AwaitedAnswer(connection, headers, heartbeat)
  connection[awaited] = answer
  heartbeat.watch(answer)
}

/** The answer is there. */
export const end = (connection: Connection): void => connection[awaited]?.answered()

/** What is no stream, to who was told that one comes: an error, as a frame. */
export const asFrame = (text: string): string =>
  text === "" ? "" : `data: ${text.trim().replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`
