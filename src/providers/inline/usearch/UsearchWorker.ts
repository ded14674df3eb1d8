/** A thread of its own for the database and its index by usearch, which need not be installed. */
import { workerData } from "node:worker_threads"
import { Refused, VectorDatabase } from "../../../kernel/vectors/sqlite/VectorDatabase.ts"
import { serve } from "../../../kernel/vectors/sqlite/VectorPort.ts"
import { NearRows, type Usearch } from "./NearRows.ts"

const load = (): Promise<Usearch | undefined> => import("usearch").catch(() => undefined)

const library = await load()
const file = String(workerData)

serve(() => {
  if (library === undefined) {
    throw new Refused({ message: "it needs the package usearch: run npm install usearch, or take inline::sqlite-vec" })
  }
  return new VectorDatabase(file, new NearRows(library, file))
})
