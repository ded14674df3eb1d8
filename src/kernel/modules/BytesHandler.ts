/**
 * Handlers of operations that pass bytes. Their payload is parsed and decoded once, its text goes on as it was sent, and
 * their answer goes out as it came: where the server asks them directly, nothing else is made for a request.
 */
import { Context, Effect, Schema, SchemaIssue } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi, HttpApiError } from "effect/http-api"
import type { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { parse } from "../../events/types/JsonAccess.ts"
import type { Bytes } from "../bytes/Bytes.ts"
import * as HttpBytes from "../bytes/HttpBytes.ts"
import * as BodyLimits from "../http/BodyLimits.ts"
import * as OthersFirst from "../requests/OthersFirst.ts"
import { CurrentRecording } from "../requests/Recording.ts"

/** `payload`: by the Schema of the route; `text`: as the client sent it. */
type Handle<Payload, E> = (payload: Payload, text: string) => Effect.Effect<Bytes<unknown>, E>

interface Given<Payload> {
  readonly payload: Payload
  readonly request: HttpServerRequest.HttpServerRequest
}

type Handler<Payload, E> = (given: Given<Payload>) => Effect.Effect<HttpServerResponse.HttpServerResponse, E>

/** The session that a payload goes on in, by its text, where its client names none; undefined: none. */
type SessionOf = (text: string) => Effect.Effect<string | undefined>

const handles = new WeakMap<object, Handle<unknown, unknown>>()
const sessions = new WeakMap<object, SessionOf>()

/** A handler for `handlers.handleAll`. */
export const make = <Payload, E>(handle: Handle<Payload, E>, sessionOf?: SessionOf): Handler<Payload, E> => {
  const handler = ({ payload, request }: Given<Payload>) =>
    Effect.map(Effect.flatMap(Effect.orDie(request.text), (text) => handle(payload, text)), HttpBytes.toResponse)
  handles.set(handler, handle as Handle<unknown, unknown>)
  if (sessionOf !== undefined) sessions.set(handler, sessionOf)
  return handler
}

/** Answers the text of a payload within a request; a Schema's refusal is a failure, too. */
export interface Direct {
  (text: string): Effect.Effect<Bytes<unknown>, unknown>
  readonly sessionOf: SessionOf | undefined
}

/** By method and path. Undefined: nobody asks handlers directly. */
export const DirectHandlers = Context.Reference<Map<string, Direct> | undefined>(
  "strata/kernel/modules/BytesHandler/DirectHandlers",
  { defaultValue: () => undefined }
)

const refuse = (cause: Schema.SchemaError) =>
  Effect.fail(new HttpApiError.HttpApiSchemaError({ kind: "Payload", cause }))

const notJson = new Schema.SchemaError(new SchemaIssue.InvalidValue({ message: "Expected a valid JSON body" }))

/** Undefined: the handler is none of these, or its route takes more than a JSON payload. */
export const direct = (
  api: Pick<HttpApi.Top, "annotations">,
  group: Pick<HttpApiGroup.Top, "annotations">,
  endpoint: HttpApiEndpoint.Top,
  handler: object
): Direct | undefined => {
  const handle = handles.get(handler)
  const [taken, ...others] = endpoint.payload.values()
  const [schema, ...alternatives] = taken?.schemas ?? []
  const isJson = taken?.encoding._tag === "Json" && others.length + alternatives.length === 0
  const takesMore = [endpoint.params, endpoint.query, endpoint.headers].some((each) => each !== undefined)
  if (handle === undefined || schema === undefined || !isJson || takesMore) return undefined
  const annotations = Context.mergeAll(api.annotations, group.annotations, endpoint.annotations)
  const options = Context.getOrUndefined(annotations, HttpApi.PayloadParseOptions) ??
    Context.getOrUndefined(annotations, HttpApi.ParseOptions)
  const decode = Schema.decodeUnknownResult(schema as Schema.Codec<unknown>, options)
  const limits = BodyLimits.of(schema)
  const answer = (text: string): ReturnType<Direct> =>
    Effect.withFiber((fiber) => {
      const recording = fiber.getRef(CurrentRecording)
      const json = recording === undefined ? parse(text) : recording.parse(text)
      if (json === undefined && text !== "") return refuse(notJson)
      const over = BodyLimits.refusalOf(limits, text, () => json)
      if (over !== undefined) return Effect.fail(over)
      const decoded = decode(json)
      if (decoded._tag === "Failure") return refuse(decoded.failure)
      return OthersFirst.ofCharacters(text.length, () => handle(decoded.success, text))
    })
  return Object.assign(answer, { sessionOf: sessions.get(handler) })
}
