/** `strata fork`: a session that continues another from any position of it. */
import { Console, Effect, Option, Record, Schema, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { ForkSession, SessionFork } from "../kernel/sessions/SessionModels.ts"
import { failWithMessage } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"
import { SessionAccess, SessionsRefused, url } from "./SessionAccess.ts"
import { access } from "./Sessions.ts"

const flags = {
  session: Argument.String("session").pipe(Argument.withDescription("Id of the session to fork")),
  position: Flag.Int("position").pipe(
    Flag.withDescription("Inherit the events up to this position; default: all"),
    Flag.optional
  ),
  turn: Flag.Int("turn").pipe(Flag.withDescription("Inherit this turn and those before it"), Flag.optional),
  model: Flag.String("model").pipe(Flag.withDescription("The model of the next request"), Flag.optional),
  provider: Flag.String("provider").pipe(
    Flag.withDescription("The provider of the next request, with the same model or --model"),
    Flag.optional
  ),
  sessionId: Flag.String("session-id").pipe(
    Flag.withDescription("Id of the new session; default: a new one"),
    Flag.optional
  ),
  messages: Flag.FileSchema("messages", Schema.Array(Schema.JsonObject), { format: "json" }).pipe(
    Flag.withDescription("A JSON file: an array that replaces the messages of the conversation"),
    Flag.optional
  ),
  toolResult: Flag.KeyValuePair("tool-result").pipe(
    Flag.withDescription("tool_call_id=content: what a tool is to have answered; may stand several times"),
    Flag.optional
  ),
  send: Flag.Boolean("send").pipe(
    Flag.withDescription("Send the next request (needs --url), and print the answer"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(Flag.withDescription("Print the fork as one JSON object"), Flag.withDefault(false)),
  ...LocalLog.flags,
  url
}

const needsServer = new SessionsRefused({ message: "--send needs a running server: name it with --url." })

const text = ({ next_request, open_tool_calls, session, turn }: SessionFork): string =>
  [
    `Session ${session.id}: forked from ${session.parent_session_id} at position ${session.forked_at_position}, ` +
    `after ${turn === 1 ? "1 turn" : `${turn} turns`}.`,
    ...open_tool_calls.length === 0 ? [] : [`Tool calls without a result: ${open_tool_calls.join(", ")}`],
    ...next_request === null
      ? ["It inherits nothing that could be sent."]
      : ["The next request:", JSON.stringify(next_request, null, 2)]
  ].join("\n")

type Given = Record.ReadonlyRecord<string, Option.Option<unknown>>

const given = (fields: Given): ForkSession => Record.getSomes(fields) as ForkSession

export const fork = Command.make(
  "fork",
  flags,
  ({ config, data, json, messages, model, position, provider, send, session, sessionId, toolResult, turn, url }) =>
    Effect.gen(function*() {
      const sessions = yield* SessionAccess
      const forked = yield* sessions.fork(
        session,
        given({ position, turn, model, provider, session_id: sessionId, messages, tool_results: toolResult })
      )
      yield* Console.log(json ? JSON.stringify(forked) : text(forked))
      if (send) yield* Stream.runForEach(Stream.splitLines(sessions.send(forked)), (line) => Console.log(line))
    }).pipe(
      Effect.provide(access({ config, data, url }, "write")),
      (forking) => send && Option.isNone(url) ? Effect.fail(needsServer) : forking,
      failWithMessage
    )
).pipe(Command.withDescription("Begin a session that continues another, with what is to be different"))
