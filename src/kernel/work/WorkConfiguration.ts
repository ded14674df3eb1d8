/** The section `work`: what is done in the background, and how much of it at once. */
import { Context, Schema } from "effect"
import { whole } from "../provider/FieldSchema.ts"

const usual = {
  max_concurrency: 32,
  max_concurrent_requests_per_batch: 16,
  min_vendor_batch_poll_seconds: 5,
  max_vendor_batch_poll_seconds: 300
}

const longestPoll = 86_400

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
  }),
  min_vendor_batch_poll_seconds: whole(1, longestPoll, {
    description: "How soon a vendor that does a batch is asked how far it is, at first",
    default: usual.min_vendor_batch_poll_seconds
  }),
  max_vendor_batch_poll_seconds: whole(1, longestPoll, {
    description: "The longest pause between two of these questions: it grows with the batch's age, to a quarter of it",
    default: usual.max_vendor_batch_poll_seconds
  })
}).annotate({ expected: "a mapping", description: "Work in the background", default: usual })
export type WorkSection = typeof WorkSection.Type

/** As the server's configuration says. */
export const WorkSettings = Context.Reference<WorkSection>("strata/kernel/work/WorkConfiguration/WorkSettings", {
  defaultValue: () => usual
})
