/**
 * A server that answers as a real one did: what it was asked is found by method, path and body, in the order of asking.
 * Where the real one's address is given, it is asked, and what it says is written down in place of what was.
 */
import { Config, Effect, Option } from "effect"
import type { Scope } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer, request } from "node:http"
import type { AddressInfo } from "node:net"
import { gunzipSync, gzipSync } from "node:zlib"

interface Answer {
  readonly status: number
  readonly type: string
  /** Headers that its client looks at. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

interface Exchange extends Answer {
  readonly asked: string
}

export interface RecordedHttp {
  readonly port: number
}

const bytesOf = (message: IncomingMessage): Promise<Buffer> =>
  message.toArray().then((chunks) => Buffer.concat(chunks as Array<Buffer>))

const reply = (response: ServerResponse, { body, headers, status, type }: Answer): void => {
  response.writeHead(status, { ...type === "" ? {} : { "content-type": type }, ...headers }).end(body)
}

const read = (file: string): ReadonlyArray<Exchange> =>
  existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString()) as ReadonlyArray<Exchange> : []

export interface Options {
  /** Where the answers are kept. */
  readonly file: string
  /** Names the variable of the environment with the real one's address. Not set, or absent: the file's answers alone. */
  readonly variable?: string
  /** Names of headers that are kept. */
  readonly kept?: ReadonlyArray<string>
}

export const realOf = (variable: string | undefined) =>
  variable === undefined
    ? Effect.succeed(undefined)
    : Effect.map(Effect.orDie(Config.option(Config.NonEmptyString(variable))), Option.getOrUndefined)

export const make = Effect.fnUntraced(function*(
  { file, kept = [], variable }: Options
): Effect.fn.Return<RecordedHttp, never, Scope.Scope> {
  const real = yield* realOf(variable)
  const recorded: Array<Exchange> = []
  const waiting = Map.groupBy(real === undefined ? read(file) : [], ({ asked }) => asked)

  const replayed = (asked: string, response: ServerResponse): void => {
    const answers = waiting.get(asked)
    const next = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]
    reply(response, next ?? { status: 501, type: "text/plain", body: `nobody recorded ${asked}` })
  }

  const forwarded = (asked: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const url = new URL(incoming.url ?? "/", real)
    const headers = { ...incoming.headers, host: url.host }
    const outgoing = request(url, { method: incoming.method, headers }, (answer) => {
      void bytesOf(answer).then((bytes) => {
        const exchange = {
          asked,
          status: answer.statusCode ?? 500,
          type: answer.headers["content-type"] ?? "",
          headers: Object.fromEntries(
            kept.flatMap((name) => answer.headers[name] === undefined ? [] : [[name, String(answer.headers[name])]])
          ),
          body: bytes.toString()
        }
        recorded.push(exchange)
        reply(response, exchange)
      })
    })
    outgoing.on("error", (error) => reply(response, { status: 502, type: "text/plain", body: error.message }))
    outgoing.end(body)
  }

  const server = createServer((incoming, response) => {
    void bytesOf(incoming).then((body) => {
      const asked = `${incoming.method} ${incoming.url} ${body.toString()}`
      if (real === undefined) replayed(asked, response)
      else forwarded(asked, incoming, body, response)
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.callback<void>((resume) => {
        if (real !== undefined) writeFileSync(file, gzipSync(JSON.stringify(recorded)))
        server.closeAllConnections()
        server.close(() => resume(Effect.void))
      })
  )
  return { port: (server.address() as AddressInfo).port }
})
