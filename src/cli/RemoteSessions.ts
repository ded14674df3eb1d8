/** The sessions of a running server. */
import { Effect, Layer, Option, Schema, Stream } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { SessionList } from "../apis/sessions/SessionsModels.ts"
import { field, parse, textOrNull } from "../events/types/JsonAccess.ts"
import { SessionFork } from "../kernel/sessions/SessionModels.ts"
import { Session } from "../kernel/sessions/SessionModels.ts"
import * as ServerClient from "./ServerClient.ts"
import { SessionAccess, SessionsRefused } from "./SessionAccess.ts"

const refused = (message: string) => new SessionsRefused({ message })

const decodeWith = <A>(schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return (text: string) =>
    Effect.mapError(decode(text), ({ message }) => refused(`The answer is not understood: ${message}`))
}

const decodeList = decodeWith(SessionList)
const decodeFork = decodeWith(SessionFork)
const decodeSession = decodeWith(Session)

const make = (url: string) =>
  Effect.map(HttpClient.HttpClient, (client) => {
    const base = url.replace(/\/+$/, "")

    const silent = ({ message }: HttpClientError.HttpClientError) =>
      refused(`No answer from ${base}: ${message}. Is the server running? --url names another.`)

    const explain = (response: HttpClientResponse.HttpClientResponse) =>
      Effect.flatMap(Effect.mapError(response.text, silent), (text) => {
        const message = textOrNull(field(field(parse(text), "error"), "message"))
        return Effect.fail(refused(message ?? `${base} answered ${response.status}: ${text.slice(0, 200)}`))
      })

    const execute = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.mapError(client.execute(HttpClientRequest.prependUrl(request, `${base}/v1`)), silent).pipe(
        Effect.filterOrElse(({ status }) => status < 400, explain)
      )

    const text = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.flatMap(execute(request), (response) => Effect.mapError(response.text, silent))

    const stream = (request: HttpClientRequest.HttpClientRequest) =>
      Stream.unwrap(
        Effect.map(execute(request), (response) => response.stream.pipe(Stream.mapError(silent), Stream.decodeText))
      )

    const page = (after: string | undefined) =>
      text(HttpClientRequest.get("/sessions", { urlParams: { limit: "100", ...after === undefined ? {} : { after } } }))
        .pipe(
          Effect.flatMap(decodeList),
          Effect.map(({ data, has_more, last_id }) =>
            [data, has_more ? Option.fromNullOr(last_id) : Option.none<string>()] as const
          )
        )

    const json = (path: string, body: unknown) =>
      HttpClientRequest.post(path).pipe(HttpClientRequest.bodyText(JSON.stringify(body), "application/json"))

    const path = (id: string, operation: string) => `/sessions/${encodeURIComponent(id)}/${operation}`

    return SessionAccess.of({
      list: Stream.paginate(undefined as string | undefined, page),
      lines: (id) => stream(HttpClientRequest.get(path(id, "export"))),
      add: (lines) => {
        const body = Stream.encodeText(Stream.map(lines, (line) => `${line}\n`))
        const request = HttpClientRequest.post("/sessions/import").pipe(
          HttpClientRequest.setBody(HttpBody.stream(body, "application/x-ndjson"))
        )
        return Effect.flatMap(text(request), decodeSession)
      },
      fork: (id, request) => Effect.flatMap(text(json(path(id, "fork"), request)), decodeFork),
      send: ({ next_path, next_request, session }) =>
        next_request === null
          ? Stream.fail(refused("The fork inherits nothing that could be sent: give it --messages and --model."))
          : stream(
            json(next_path.replace(/^\/v1/, ""), next_request).pipe(
              HttpClientRequest.setHeader("x-strata-session-id", session.id)
            )
          )
    })
  })

export const layer = (url: string) => Layer.effect(SessionAccess, make(url)).pipe(Layer.provide(ServerClient.layer))
