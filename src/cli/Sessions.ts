/** `strata sessions`: lists sessions, and takes them out of the log and into it as files. */
import { Console, Effect, FileSystem, Option, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { toIsoTime } from "../events/types/Envelope.ts"
import type { ListedSession, Session } from "../kernel/sessions/SessionModels.ts"
import { failWithMessage } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"
import * as LocalSessions from "./LocalSessions.ts"
import * as PrivateFile from "./PrivateFile.ts"
import * as RemoteSessions from "./RemoteSessions.ts"
import { SessionAccess, SessionsRefused, url } from "./SessionAccess.ts"

interface Where extends LocalLog.Place {
  readonly url: Option.Option<string>
}

/** Where the sessions are: a running server where one is named, else the log. */
export const access = ({ url, ...place }: Where, access: LocalLog.Access) =>
  Option.match(url, {
    onSome: RemoteSessions.layer,
    onNone: () => LocalSessions.layer(place, access)
  })

const where = { ...LocalLog.flags, url }

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`

const line = ({ created_at, forked_at_position, id, models, parent_session_id, status, turn_count }: Session) =>
  [
    toIsoTime(created_at * 1000).slice(0, 19),
    status.padEnd(6),
    id,
    `(${count(turn_count, "turn")}${models.length === 0 ? "" : `: ${models.join(", ")}`})`,
    ...parent_session_id === null ? [] : [`forked from ${parent_session_id} at ${forked_at_position}`]
  ].join("  ")

const listLine = (session: ListedSession): string =>
  session.status === "unreadable" ? `unreadable  ${session.id}  (${session.reason})` : line(session)

const list = Command.make(
  "list",
  {
    ...where,
    json: Flag.Boolean("json").pipe(Flag.withDescription("A JSON object a line"), Flag.withDefault(false))
  },
  ({ json, ...where }) =>
    SessionAccess.use((sessions) =>
      Stream.runForEach(sessions.list, (session) => Console.log(json ? JSON.stringify(session) : listLine(session)))
    ).pipe(Effect.provide(access(where, "read")), failWithMessage)
).pipe(Command.withDescription("List the sessions, in the order they began"))

const unusable = (file: string) => ({ message }: { readonly message: string }) =>
  new SessionsRefused({ message: `The file ${file} can't be used: ${message}` })

const write = (file: string, lines: Stream.Stream<string, SessionsRefused>) =>
  FileSystem.FileSystem.use((files) =>
    Effect.andThen(
      PrivateFile.prepare(file),
      Stream.run(Stream.encodeText(lines), files.sink(file, { mode: PrivateFile.mode }))
    ).pipe(
      Effect.mapError((error) => error._tag === "SessionsRefused" ? error : unusable(file)(error))
    )
  )

const exportSession = Command.make(
  "export",
  {
    session: Argument.String("session").pipe(Argument.withDescription("Id of the session")),
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The file; without it the lines are printed"),
      Flag.optional
    ),
    ...where
  },
  ({ output, session, ...where }) =>
    SessionAccess.use((sessions) => {
      const lines = sessions.lines(session)
      return Option.match(output, {
        onNone: () => Stream.runForEach(Stream.splitLines(lines), (line) => Console.log(line)),
        onSome: (file) => write(file, lines)
      })
    }).pipe(Effect.provide(access(where, "read")), failWithMessage)
).pipe(Command.withDescription("Write a session to one portable file, with all that its replay needs"))

const importSession = Command.make(
  "import",
  { file: Argument.String("file").pipe(Argument.withDescription("An exported session")), ...where },
  ({ file, ...where }) =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const sessions = yield* SessionAccess
      const lines = files.stream(file).pipe(Stream.mapError(unusable(file)), Stream.decodeText, Stream.splitLines)
      const { id, turn_count } = yield* sessions.add(lines)
      yield* Console.log(`Session ${id} is in the log, with ${count(turn_count, "turn")}.`)
    }).pipe(Effect.provide(access(where, "write")), failWithMessage)
).pipe(Command.withDescription("Add the session of an exported file to the log"))

export const sessions = Command.make("sessions").pipe(
  Command.withDescription("List sessions; take them out of the log and into it"),
  Command.withSubcommands([list, exportSession, importSession])
)
