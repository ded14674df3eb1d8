/** An `HttpClient` that answers as a test says, without a network, and keeps what it was asked. */
import { Effect } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import type { HttpClientRequest } from "effect/http"

export type Answer = Response | HttpClientError.HttpClientError | Effect.Effect<never>

export const json = (value: unknown, init: ResponseInit = {}): Response => Response.json(value, init)

/** A stream of server-sent events that gives these texts chunk by chunk, and then ends or breaks. */
export const events = (chunks: ReadonlyArray<string>, ending: "ends" | "breaks" | "stays open" = "ends"): Response => {
  const remaining = chunks.map((chunk) => Buffer.from(chunk))
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const next = remaining.shift()
    if (next !== undefined) controller.enqueue(next)
    else if (ending === "breaks") controller.error(new Error("connection reset"))
    else if (ending === "ends") controller.close()
  }
  return new Response(new ReadableStream({ pull }), { headers: { "content-type": "text/event-stream" } })
}

/** The same, but that each chunk behind the first, and the end, comes when `next` is called. */
export const eventsOnDemand = (
  chunks: ReadonlyArray<string>
): { readonly response: Response; readonly next: () => void } => {
  const remaining = chunks.map((chunk) => Buffer.from(chunk))
  let next = () => {}
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    next = () => {
      const chunk = remaining.shift()
      if (chunk === undefined) controller.close()
      else controller.enqueue(chunk)
    }
    next()
  }
  const response = new Response(new ReadableStream({ start }), { headers: { "content-type": "text/event-stream" } })
  return { response, next: () => next() }
}

/** The vendor can't be reached. */
export const unreachable = (request: HttpClientRequest.HttpClientRequest, cause: unknown) =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })

export const make = (
  answer: (request: HttpClientRequest.HttpClientRequest) => Answer
): HttpClient.HttpClient & { readonly received: ReadonlyArray<HttpClientRequest.HttpClientRequest> } => {
  const received: Array<HttpClientRequest.HttpClientRequest> = []
  const client = HttpClient.make((request) =>
    Effect.suspend(() => {
      received.push(request)
      const given = answer(request)
      if (given instanceof Response) return Effect.succeed(HttpClientResponse.fromWeb(request, given))
      return given instanceof HttpClientError.HttpClientError ? Effect.fail(given) : given
    })
  )
  return Object.assign(client, { received })
}
