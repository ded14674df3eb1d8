/** `strata events tail`: the events of a running server, as they happen. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Config, Console, Data, Effect, Option, Schema, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { Envelope } from "../events/Envelope.ts"
import { Level } from "../events/Event.ts"
import * as EventLine from "./EventLine.ts"
import { failWithMessage } from "./Failure.ts"

class ServerSilent extends Data.TaggedError("ServerSilent")<{ readonly message: string }> {}

const flags = {
  url: Flag.String("url").pipe(
    Flag.withDescription("The server (STRATA_URL)"),
    Flag.withFallbackConfig(Config.String("STRATA_URL")),
    Flag.withDefault("http://127.0.0.1:8321")
  ),
  session: Flag.String("session").pipe(Flag.withDescription("Only events of this session"), Flag.optional),
  type: Flag.String("type").pipe(
    Flag.withDescription("Only these types, separated by commas; `llm:*` for all that begin so"),
    Flag.optional
  ),
  level: Flag.Literals("level", Level.literals).pipe(
    Flag.withDescription("Events up to this level"),
    Flag.withDefault("default")
  ),
  after: Flag.Int("after").pipe(
    Flag.withDescription("Begin behind this position; 0 shows everything"),
    Flag.withDefault(0)
  ),
  json: Flag.Boolean("json").pipe(Flag.withDescription("A JSON object a line"), Flag.withDefault(false)),
  noFollow: Flag.Boolean("no-follow").pipe(
    Flag.withDescription("End when all past events are shown"),
    Flag.withDefault(false)
  )
}

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Envelope))

export const tail = Command.make(
  "tail",
  flags,
  ({ after, json, level, noFollow, session, type, url }) =>
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const request = HttpClientRequest.get(`${url.replace(/\/+$/, "")}/v1/events`).pipe(
        HttpClientRequest.setHeader("accept", "application/x-ndjson"),
        HttpClientRequest.setUrlParams({
          after: String(after),
          level,
          follow: String(!noFollow),
          ...Option.match(session, { onNone: () => ({}), onSome: (session_id) => ({ session_id }) }),
          ...Option.match(type, { onNone: () => ({}), onSome: (wanted) => ({ type: wanted }) })
        })
      )
      yield* client.execute(request).pipe(
        Effect.flatMap(HttpClientResponse.filterStatusOk),
        HttpClientResponse.stream,
        Stream.decodeText,
        Stream.splitLines,
        Stream.filter((line) => line !== ""),
        Stream.mapEffect((line) => json ? Effect.succeed(line) : Effect.map(decode(line), EventLine.text)),
        Stream.runForEach(Console.log)
      )
    }).pipe(
      Effect.mapError((error) =>
        new ServerSilent({
          message: `No events from ${url}: ${error.message}. Is the server running? --url names another.`
        })
      ),
      Effect.provide(NodeHttpClient.layerUndici),
      failWithMessage
    )
).pipe(Command.withDescription("Show the events of a running server as they happen"))

export const events = Command.make("events").pipe(
  Command.withDescription("Watch the event log"),
  Command.withSubcommands([tail])
)
