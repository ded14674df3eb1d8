/** `strata chat`: talks to models of a running server, with its tools, in a session that is recorded and can be gone on with. */
import { Config, Effect, Option, Stdio, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { randomUUID } from "node:crypto"
import type { Turn } from "../apis/turns/TurnsModels.ts"
import * as ChatInput from "./ChatInput.ts"
import type { Options, Participant } from "./ChatLoop.ts"
import { ChatLoop } from "./ChatLoop.ts"
import { problemOf, styled, unstyled } from "./ChatScreen.ts"
import * as ChatServer from "./ChatServer.ts"
import { ChatRefused } from "./ChatServer.ts"
import type { Answer } from "./ChatTurn.ts"
import { failWithMessage } from "./Failure.ts"

const flags = {
  model: Flag.String("model").pipe(
    Flag.withAlias("m"),
    Flag.withDescription(
      "The model, as GET /v1/models lists it; several are asked side by side, each in a session of its own"
    ),
    Flag.between(0, 16)
  ),
  session: Flag.String("session").pipe(
    Flag.withAlias("s"),
    Flag.withDescription("Go on with this session; a new id begins one. Default: a new one"),
    Flag.optional
  ),
  tools: Flag.String("tools").pipe(
    Flag.withDescription("A tool group of the server that the model may use; may stand several times. all: every one"),
    Flag.between(0, 64)
  ),
  instructions: Flag.String("instructions").pipe(
    Flag.withDescription("What the model is told first, in each of its calls"),
    Flag.optional
  ),
  approve: Flag.Literals("approve", ["ask", "always", "never"]).pipe(
    Flag.withDescription(
      "ask: tools that need an approval are asked about here; always: these are granted; never: denied. Default ask; " +
        "where nobody can be asked, never"
    ),
    Flag.withDefault("ask" as const)
  ),
  askAll: Flag.Boolean("ask-all").pipe(
    Flag.withDescription("Every tool needs an approval"),
    Flag.withDefault(false)
  ),
  interactive: Flag.Boolean("interactive").pipe(
    Flag.withAlias("i"),
    Flag.withDescription("Take questions line by line, though this is no terminal"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print each event of a turn as a JSON object a line, with its model and session"),
    Flag.withDefault(false)
  ),
  url: Flag.String("url").pipe(
    Flag.withDescription("The server (STRATA_URL). Default http://127.0.0.1:8321"),
    Flag.withFallbackConfig(Config.String("STRATA_URL")),
    Flag.withDefault("http://127.0.0.1:8321")
  )
}

const newSession = Effect.sync(() => `chat-${randomUUID()}`)

/** With several models a session that is there is forked, for each has its own. */
const participantsOf = Effect.fnUntraced(function*(
  models: ReadonlyArray<string>,
  session: Option.Option<string>
): Effect.fn.Return<ReadonlyArray<Participant>, ChatRefused, ChatServer.ChatServer> {
  if (models.length === 0 && Option.isNone(session)) {
    return yield* new ChatRefused({ message: "--model: name the model to talk to, as GET /v1/models lists it." })
  }
  const server = yield* ChatServer.ChatServer
  const [first, ...others] = models
  const given = Option.getOrUndefined(session)
  return [
    { model: first, session: given ?? (yield* newSession) },
    ...yield* Effect.forEach(others, (model) =>
      Effect.map(
        given === undefined ? newSession : Effect.map(server.fork(given, undefined), (fork) => fork.session.id),
        (session): Participant => ({ model, session })
      ))
  ]
})

const printed = (text: string): void => void process.stdout.write(text)

const unaskedAnswer = (approve: "ask" | "always" | "never"): Answer =>
  approve === "always"
    ? { decision: "grant" }
    : { decision: "deny", reason: "Nobody was there to be asked." }

/** Nobody sees more than the answer: what went wrong is the command's failure. */
const ended = (turns: ReadonlyArray<Turn | undefined>): Effect.Effect<void, ChatRefused> => {
  const problem = turns.map((turn) =>
    turn === undefined ? "The server ended the turn without a word." : problemOf(turn)
  )
    .find((problem) => problem !== undefined)
  return problem === undefined ? Effect.void : Effect.fail(new ChatRefused({ message: problem }))
}

export const chat = Command.make(
  "chat",
  flags,
  ({ approve, askAll, instructions, interactive, json, model, session, tools, url }) =>
    Effect.gen(function*() {
      const server = yield* ChatServer.ChatServer
      const stdio = yield* Stdio.Stdio
      const terminal = (yield* stdio.stdinIsTerminal) && (yield* stdio.stdoutIsTerminal)
      const colours = terminal && Option.isNone(yield* Config.option(Config.NonEmptyString("NO_COLOR")))
      const participants = yield* participantsOf(model, session)
      const toolGroups = tools.length === 0 ? undefined : tools.includes("all") ? yield* server.toolGroups : tools
      const input = terminal || interactive ? yield* ChatInput.make : undefined
      const options: Options = {
        participants,
        toolGroups,
        settings: {
          ...Option.isNone(instructions) ? {} : { instructions: instructions.value },
          ...askAll ? { approval: { require: "always" } } : {}
        },
        style: colours ? styled : unstyled,
        print: printed,
        json: json
          ? (participant, event) =>
            printed(
              `${JSON.stringify({ model: participant.model ?? null, session_id: participant.session, ...event })}\n`
            )
          : undefined,
        input,
        unasked: approve === "ask" && input !== undefined ? undefined : unaskedAnswer(approve)
      }
      const loop = new ChatLoop(options, server)
      if (input !== undefined) return yield* loop.run(input)
      const question = yield* Stream.mkString(Stream.decodeText(stdio.stdin)).pipe(
        Effect.mapError(({ message }) => new ChatRefused({ message }))
      )
      if (question.trim() === "") {
        return yield* new ChatRefused({ message: "There is no question: give it on the standard input." })
      }
      return yield* Effect.flatMap(loop.ask(question.trim()), ended)
    }).pipe(Effect.scoped, Effect.provide(ChatServer.layer(url)), failWithMessage)
).pipe(Command.withDescription("Talk to models of a running server, with its tools"))
