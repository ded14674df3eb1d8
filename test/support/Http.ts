/** Plain HTTP: what a client sends and gets by the byte. */
import { Effect } from "effect"
import { request } from "node:http"
import type { IncomingMessage } from "node:http"

export interface HttpOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
  /** Undefined where the text is not JSON. */
  readonly json: unknown
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends a request whose path goes out as it stands; the answer's head is there, its body still to come. */
const open = (url: string, path: string, { body, headers = {}, method = "GET" }: HttpOptions = {}) =>
  Effect.acquireRelease(
    Effect.callback<IncomingMessage>((resume) => {
      const { hostname, port } = new URL(url)
      const sent = request({ hostname, port, path, method, headers, agent: false })
      sent.once("response", (response) => resume(Effect.succeed(response)))
      sent.once("error", (error) => resume(Effect.die(error)))
      sent.end(body)
    }),
    (response) => Effect.sync(() => void response.destroy())
  )

const textOf = (response: IncomingMessage) =>
  Effect.callback<string>((resume) => {
    const parts: Array<Buffer> = []
    response.on("data", (part: Buffer) => parts.push(part))
    response.once("end", () => resume(Effect.succeed(Buffer.concat(parts).toString("utf8"))))
    response.once("error", (error) => resume(Effect.die(error)))
  })

const send = (url: string, path: string, options?: HttpOptions): Effect.Effect<HttpAnswer> =>
  Effect.scoped(Effect.gen(function*() {
    const response = yield* open(url, path, options)
    const text = yield* textOf(response)
    return { status: response.statusCode ?? 0, headers: response.headers, text, json: json(text) }
  }))

/** Reads the body as it comes, until `until` holds of what came; then leaves. */
const readUntil = (
  url: string,
  path: string,
  options: HttpOptions,
  until: (text: string) => boolean
): Effect.Effect<string> =>
  Effect.scoped(Effect.flatMap(open(url, path, options), (response) =>
    Effect.callback<string>((resume) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (part: string) => {
        text += part
        if (until(text)) resume(Effect.succeed(text))
      })
      response.once("end", () => resume(Effect.die(new Error(`the answer ended early: ${text}`))))
    })))

const post = (url: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  send(url, path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })

export const Http = { open, send, post, readUntil }
