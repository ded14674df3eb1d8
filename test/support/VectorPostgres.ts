/** PostgreSQL with pgvector in this process, over its wire protocol. */
import { PGlite } from "@electric-sql/pglite"
import { vector } from "@electric-sql/pglite-pgvector"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { Effect } from "effect"

/** The port that it listens on. */
export const make = Effect.acquireRelease(
  Effect.gen(function*() {
    const database = yield* Effect.promise(() => PGlite.create({ extensions: { vector } }))
    const server = new PGLiteSocketServer({ db: database, port: 0, host: "127.0.0.1", maxConnections: 8 })
    yield* Effect.promise(() => server.start())
    return { database, server, port: Number(server.getServerConn().split(":").at(-1)) }
  }),
  ({ database, server }) => Effect.promise(() => server.stop().then(() => database.close()))
).pipe(Effect.map(({ port }) => port))
