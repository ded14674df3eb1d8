/** A thread of its own for the database: a search over many vectors holds up no request of the server. */
import { workerData } from "node:worker_threads"
import { VectorDatabase } from "./VectorDatabase.ts"
import { serve } from "./VectorPort.ts"

serve(() => new VectorDatabase(String(workerData)))
