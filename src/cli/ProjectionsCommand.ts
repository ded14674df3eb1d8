/** `strata projections`: the tables that are kept with the log, and how they are made anew. */
import { Console, Data, Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import { apis } from "../apis/Apis.ts"
import type { Progress } from "../events/log/ProjectionTables.ts"
import { ProjectionTables } from "../events/log/ProjectionTables.ts"
import type { AnyProjection } from "../events/projections/Projection.ts"
import { nearestKey } from "../kernel/issues/NearestKey.ts"
import { failWithMessage } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"

const { projections } = apis

class UnknownProjection extends Data.TaggedError("UnknownProjection")<{ readonly message: string }> {}

const list = Command.make("list", LocalLog.flags, (place) =>
  Effect.gen(function*() {
    const tables = yield* ProjectionTables
    for (const projection of projections) {
      const { rows } = yield* tables.status(projection)
      yield* Console.log(
        `${projection.name.padEnd(12)} version ${projection.version}  ${
          String(rows).padStart(8)
        } rows  ${projection.description}`
      )
    }
  }).pipe(Effect.provide(LocalLog.layer(place, "read")), failWithMessage)).pipe(
    Command.withDescription("The tables there are")
  )

/** The projections a person names: one, or all. */
const named = (name: Option.Option<string>): Effect.Effect<ReadonlyArray<AnyProjection>, UnknownProjection> => {
  if (Option.isNone(name)) return Effect.succeed(projections)
  const chosen = projections.filter((projection) => projection.name === name.value)
  if (chosen.length > 0) return Effect.succeed(chosen)
  const names = projections.map((projection) => projection.name)
  const nearest = nearestKey(name.value, names)
  const hint = nearest === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${nearest}?`
  return Effect.fail(new UnknownProjection({ message: `There is no projection "${name.value}". ${hint}` }))
}

/** A line each tenth of the way. */
const reporter = () => {
  let reported = 0
  return ({ head, position }: Progress) => {
    const tenth = head === 0 ? 10 : Math.floor(position / head * 10)
    if (tenth <= reported) return Effect.void
    reported = tenth
    return Console.log(`${tenth * 10} %  position ${position} of ${head}`)
  }
}

const rebuild = Command.make(
  "rebuild",
  {
    ...LocalLog.flags,
    name: Argument.String("name").pipe(Argument.withDescription("Only this one"), Argument.optional)
  },
  ({ name, ...place }) =>
    Effect.gen(function*() {
      const wanted = yield* named(name)
      yield* Effect.gen(function*() {
        const tables = yield* ProjectionTables
        const before = yield* Effect.forEach(wanted, (projection) => tables.status(projection))
        const { events } = yield* tables.rebuild(wanted, reporter())
        yield* Console.log(`${events} events folded`)
        for (const { digest, projection } of before) {
          const after = yield* tables.status(projection)
          const verdict = after.digest === digest ? "the same as before" : "differs from before"
          yield* Console.log(`${projection.name}: ${after.rows} rows, ${verdict} (sha256 ${after.digest})`)
        }
      }).pipe(Effect.provide(LocalLog.layer(place, "write")))
    }).pipe(failWithMessage)
).pipe(Command.withDescription("Make the tables anew from the log; the server must be stopped"))

export const projectionsCommand = Command.make("projections").pipe(
  Command.withDescription("The tables kept with the log"),
  Command.withSubcommands([list, rebuild])
)
