/** Where the workflow engine of background work keeps its tables, as the configuration says. */
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as PrivateFiles from "../events/sqlite/PrivateFiles.ts"
import type { Configuration } from "../kernel/configuration/Configuration.ts"
import { WorkDatabase } from "../kernel/work/WorkDatabase.ts"

/** Beside the log, in the data folder. */
export const fileName = "work.db"

const inFolder = (folder: string) =>
  Effect.map(Effect.promise(() => import("../kernel/work/SqliteClient.ts")), (SqliteClient) => {
    const file = join(folder, fileName)
    PrivateFiles.makeFile(file)
    return SqliteClient.layer(file)
  })

type PostgresStorage = Extract<Configuration["storage"], { readonly type: "postgres" }>

/** In a schema of its own where the user may make one, so that the log's is the log alone. */
const inPostgres = ({ schema: logSchema = "strata", url }: PostgresStorage) =>
  Effect.map(
    Effect.promise(() => import("../events/postgres/PostgresWorkClient.ts")),
    (PostgresWorkClient) => PostgresWorkClient.layer({ url, logSchema })
  )

export const layer = ({ data, storage }: Pick<Configuration, "data" | "storage">) =>
  Layer.succeed(WorkDatabase, {
    works: true,
    shared: storage.type !== "sqlite",
    client: storage.type === "sqlite" ? inFolder(data) : inPostgres(storage)
  })
