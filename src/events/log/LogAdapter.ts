/** What an adapter of the log provides, over one database: the log, and what is kept beside it. */
import { Schema } from "effect"
import type { ConsumerGroups } from "./ConsumerGroups.ts"
import type { EventLog } from "./EventLog.ts"
import type { PayloadRetention } from "./PayloadRetention.ts"
import type { ProjectionTables } from "./ProjectionTables.ts"
import type { QuotaCounters } from "./QuotaCounters.ts"

export type LogAdapter = EventLog | ProjectionTables | ConsumerGroups | PayloadRetention | QuotaCounters

export const Durability = Schema.Literals(["normal", "full"])
export type Durability = typeof Durability.Type
