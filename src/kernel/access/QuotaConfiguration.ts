/** The section `server.quota`: how many requests each may make. */
import { Effect, Schema } from "effect"
import { whole } from "../provider/FieldSchema.ts"

const period = Schema.Literals(["minute", "hour", "day"]).annotate({
  expected: "minute, hour or day",
  description: "What the numbers count for: it begins with each minute, hour or day of UTC",
  default: "day"
})

const unlimited = 1_000_000_000

export const Quota = Schema.Struct({
  authenticated_max_requests: whole(1, unlimited, {
    description: "Requests of one principal in a period; what is above is refused with 429",
    default: 1000
  }),
  anonymous_max_requests: whole(1, unlimited, {
    description: "Requests of one client address in a period, where nobody is known",
    default: 100
  }),
  period: period.pipe(Schema.withDecodingDefaultKey(Effect.succeed("day" as const)))
}).annotate({
  expected: "a mapping",
  description: "How many requests each may make; without it nothing is counted"
})
export type Quota = typeof Quota.Type
