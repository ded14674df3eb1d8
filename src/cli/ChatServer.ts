/** The server that `strata chat` talks to: its turns, approvals, sessions, tools and costs. */
import { Context, Data, Effect, Layer, Result, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { ToolGroupList } from "../apis/tool-groups/ToolGroupsModels.ts"
import { ToolList } from "../apis/tool-runtime/ToolRuntimeModels.ts"
import type { AnswerApproval, CreateTurn } from "../apis/turns/TurnsModels.ts"
import { TurnStreamEvent } from "../apis/turns/TurnsModels.ts"
import type { UsageList } from "../apis/usage/UsageModels.ts"
import { UsageList as UsageListSchema } from "../apis/usage/UsageModels.ts"
import { field, parse, textOrNull } from "../events/types/JsonAccess.ts"
import { SseReader } from "../kernel/dialects/sse/SseReader.ts"
import { SessionFork } from "../kernel/sessions/SessionModels.ts"
import * as ServerClient from "./ServerClient.ts"

/** Why it can't be done; the message is for a person. */
export class ChatRefused extends Data.TaggedError("ChatRefused")<{ readonly message: string }> {}

type Request = HttpClientRequest.HttpClientRequest
type Events = Stream.Stream<TurnStreamEvent, ChatRefused>

export interface TurnPlace {
  readonly session: string
  readonly turn: string
}

export class ChatServer extends Context.Service<ChatServer, {
  readonly turn: (session: string, request: CreateTurn) => Events
  /** Empty where more approvals are waited for. */
  readonly answer: (place: TurnPlace, approval: string, answer: AnswerApproval) => Events
  readonly cancel: (place: TurnPlace, mode: "graceful" | "immediate") => Effect.Effect<void, ChatRefused>
  readonly fork: (session: string, position: number | undefined) => Effect.Effect<SessionFork, ChatRefused>
  readonly tools: Effect.Effect<ToolList["data"], ChatRefused>
  readonly toolGroups: Effect.Effect<ReadonlyArray<string>, ChatRefused>
  readonly usage: (session: string) => Effect.Effect<UsageList, ChatRefused>
}>()("strata/cli/ChatServer") {}

type ToolList = typeof ToolList.Type

const decodeEvent = Schema.decodeUnknownResult(TurnStreamEvent)

/** Of a server that knows more events than this: they are left out. */
const eventsIn = (data: string | undefined): ReadonlyArray<TurnStreamEvent> => {
  const event = data === undefined ? undefined : decodeEvent(parse(data))
  return event !== undefined && Result.isSuccess(event) ? [event.success] : []
}

const decodeWith = <A>(schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return (text: string) =>
    Effect.mapError(
      decode(text),
      ({ message }) => new ChatRefused({ message: `The answer is not understood: ${message}` })
    )
}

const decodeFork = decodeWith(SessionFork)
const decodeTools = decodeWith(ToolList)
const decodeGroups = decodeWith(ToolGroupList)
const decodeUsage = decodeWith(UsageListSchema)

const make = (url: string) =>
  Effect.map(HttpClient.HttpClient, (client) => {
    const base = url.replace(/\/+$/, "")
    const silent = ({ message }: HttpClientError.HttpClientError) =>
      new ChatRefused({ message: `No answer from ${base}: ${message}. Is the server running? --url names another.` })

    const explain = (response: HttpClientResponse.HttpClientResponse) =>
      Effect.flatMap(Effect.mapError(response.text, silent), (text) => {
        const message = textOrNull(field(field(parse(text), "error"), "message"))
        return Effect.fail(
          new ChatRefused({ message: message ?? `${base} answered ${response.status}: ${text.slice(0, 200)}` })
        )
      })

    const execute = (request: Request) =>
      Effect.mapError(client.execute(HttpClientRequest.prependUrl(request, `${base}/v1`)), silent).pipe(
        Effect.filterOrElse(({ status }) => status < 400, explain)
      )
    const text = (request: Request) =>
      Effect.flatMap(execute(request), (response) => Effect.mapError(response.text, silent))
    const get = (path: string, urlParams: Readonly<Record<string, string>> = {}) =>
      text(HttpClientRequest.get(path, { urlParams }))
    const post = (path: string, body: unknown) =>
      HttpClientRequest.post(path).pipe(HttpClientRequest.bodyText(JSON.stringify(body), "application/json"))

    /** JSON is a turn that goes on waiting. */
    const events = (request: Request): Events =>
      Stream.unwrap(Effect.map(execute(request), (response): Events => {
        if (!(response.headers["content-type"] ?? "").includes("text/event-stream")) return Stream.empty
        const reader = new SseReader()
        return response.stream.pipe(
          Stream.mapError(silent),
          Stream.map((bytes) => reader.feed(bytes)),
          Stream.concat(Stream.sync(() => reader.end())),
          Stream.flattenIterable,
          Stream.map(({ data }) => eventsIn(data)),
          Stream.flattenIterable
        )
      }))

    const sessionPath = (session: string) => `/sessions/${encodeURIComponent(session)}`
    const turnPath = ({ session, turn }: TurnPlace) => `${sessionPath(session)}/turns/${encodeURIComponent(turn)}`

    return ChatServer.of({
      turn: (session, request) => events(post(`${sessionPath(session)}/turns`, { ...request, stream: true })),
      answer: (place, approval, answer) =>
        events(post(`${turnPath(place)}/approvals/${encodeURIComponent(approval)}`, { ...answer, stream: true })),
      cancel: (place, mode) => Effect.asVoid(text(post(`${turnPath(place)}/cancel`, { mode }))),
      fork: (session, position) =>
        Effect.flatMap(
          text(post(`${sessionPath(session)}/fork`, position === undefined ? {} : { position })),
          decodeFork
        ),
      tools: Effect.map(Effect.flatMap(get("/tools"), decodeTools), ({ data }) => data),
      toolGroups: Effect.map(
        Effect.flatMap(get("/toolgroups"), decodeGroups),
        ({ data }) => data.map(({ identifier }) => identifier)
      ),
      usage: (session) => Effect.flatMap(get("/usage", { group_by: "model", session }), decodeUsage)
    })
  })

export const layer = (url: string) => Layer.effect(ChatServer, make(url)).pipe(Layer.provide(ServerClient.layer))
