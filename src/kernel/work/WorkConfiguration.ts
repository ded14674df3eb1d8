/** The section `work`: what is done in the background, and how much of it at once. */
import { Context, Schema } from "effect"
import { whole } from "../provider/FieldSchema.ts"

const usual = { max_concurrency: 32, max_concurrent_requests_per_batch: 16 }

export const WorkSection = Schema.Struct({
  max_concurrency: whole(1, 100_000, {
    description:
      "Most pieces of work that this server does at once; what is more waits, each tenant's in turn. Of several servers " +
      "each has its own",
    default: usual.max_concurrency
  }),
  max_concurrent_requests_per_batch: whole(1, 10_000, {
    description: "Most lines of one batch that are asked at once",
    default: usual.max_concurrent_requests_per_batch
  })
}).annotate({ expected: "a mapping", description: "Work in the background", default: usual })
export type WorkSection = typeof WorkSection.Type

/** As the server's configuration says. */
export const WorkSettings = Context.Reference<WorkSection>("strata/kernel/work/WorkConfiguration/WorkSettings", {
  defaultValue: () => usual
})
