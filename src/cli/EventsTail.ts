/** `strata events tail`: the events of a running server, as they happen. */
import { Config, Console, Data, Effect, Option, Record, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Envelope, LiveEnvelope } from "../events/types/Envelope.ts"
import { Level } from "../events/types/Event.ts"
import * as EventLine from "./EventLine.ts"
import * as EventsFollowing from "./EventsFollowing.ts"
import { failWithMessage } from "./Failure.ts"
import * as ServerClient from "./ServerClient.ts"

const wholeNumber = (name: string) =>
  Flag.Int(name).pipe(Flag.filter((value) => value >= 0, (value) => `Expected a whole number from 0, got ${value}`))

const flags = {
  url: Flag.String("url").pipe(
    Flag.withDescription("The server (STRATA_URL)"),
    Flag.withFallbackConfig(Config.String("STRATA_URL")),
    Flag.withDefault("http://127.0.0.1:8321")
  ),
  session: Flag.String("session").pipe(Flag.withDescription("Only events of this session"), Flag.optional),
  stream: Flag.String("stream").pipe(
    Flag.withDescription("Only events of this stream, `models` for example"),
    Flag.optional
  ),
  request: Flag.String("request").pipe(
    Flag.withDescription(
      "Only events of this request, by its id: the x-request-id of an answer, or the requestId of an event"
    ),
    Flag.optional
  ),
  provider: Flag.String("provider").pipe(
    Flag.withDescription("Only events that concern this provider instance"),
    Flag.optional
  ),
  type: Flag.String("type").pipe(
    Flag.withDescription("Only these types, separated by commas; `llm:*` for all that begin so"),
    Flag.optional
  ),
  level: Flag.Literals("level", Level.literals).pipe(
    Flag.withDescription("Events up to this level"),
    Flag.withDefault("default")
  ),
  after: wholeNumber("after").pipe(
    Flag.withDescription("Begin behind this position; default 0, which shows everything"),
    Flag.optional
  ),
  fromNow: Flag.Boolean("from-now").pipe(
    Flag.withDescription("Begin with what happens from now on"),
    Flag.withDefault(false)
  ),
  live: Flag.Boolean("live").pipe(
    Flag.withDescription("Live events, too, as they happen: the text of answers that are being streamed"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(Flag.withDescription("A JSON object a line"), Flag.withDefault(false)),
  noFollow: Flag.Boolean("no-follow").pipe(
    Flag.withDescription("End when all past events are shown"),
    Flag.withDefault(false)
  ),
  retries: wholeNumber("retries").pipe(
    Flag.withDescription("How often to try to connect again when the server goes away; 0 ends with it"),
    Flag.withDefault(10)
  )
}

class FlagsContradict extends Data.TaggedError("FlagsContradict")<{ readonly message: string }> {}

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Union([Envelope, LiveEnvelope])))

export const tail = Command.make("tail", flags, (given) =>
  Effect.gen(function*() {
    const { after, fromNow, json, level, live, noFollow, provider, request, retries, session, stream, type, url } =
      given
    if (fromNow && Option.isSome(after)) {
      return yield* new FlagsContradict({ message: "--after and --from-now name two beginnings: give one of them." })
    }
    if (live && noFollow) {
      return yield* new FlagsContradict({
        message: "--live shows what happens now, --no-follow what is past: give one."
      })
    }
    const filters = Record.getSomes({ session_id: session, stream, request_id: request, provider, type })
    return yield* EventsFollowing.run({
      url,
      query: { ...filters, level, ...live ? { live: "true" } : {} },
      after: fromNow ? "latest" : Option.getOrElse(after, () => 0),
      follow: !noFollow,
      retries
    }, (line) => json ? Console.log(line) : Effect.flatMap(decode(line), (event) => Console.log(EventLine.text(event))))
  }).pipe(Effect.provide(ServerClient.layer), failWithMessage)).pipe(
    Command.withDescription("Show the events of a running server as they happen")
  )
