/** How much of a provider is used at once and in a minute, as its configuration says it. */
import { Schema } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { maximumTimerMs, whole, wholeNumber } from "../provider/FieldSchema.ts"

const most = 1_000_000_000

const Limits = Schema.Struct({
  concurrency: Schema.optionalKey(wholeNumber(1, 1_000_000, {
    description: "So many calls are made at once, a streamed one until its end. Absent: any number."
  })),
  requests_per_minute: Schema.optionalKey(wholeNumber(1, 1_000_000, {
    description: "So many calls begin within any minute. Absent: any number."
  })),
  tokens_per_minute: Schema.optionalKey(wholeNumber(1, most, {
    description:
      "So many tokens within any minute: of a call that runs an estimate by the length of its request, then " +
      "as the vendor counts them. Absent: any number."
  })),
  per: Schema.optionalKey(
    Schema.Literals(["provider", "key"]).annotate({
      expected: "provider or key",
      description: "What the numbers are of: the provider, or each of its api_keys. Default provider."
    })
  ),
  queue: whole(0, 1_000_000, {
    description: "So many calls wait for their turn, in order; a further one is answered 429. Default 100.",
    default: 100
  }),
  max_wait_ms: whole(1, maximumTimerMs, {
    description: "A call that would wait longer is answered 429 with retry-after, milliseconds. Default 30000.",
    default: 30_000
  })
}).annotate({ expected: "a mapping with concurrency, requests_per_minute or tokens_per_minute" })

export type Limits = typeof Limits.Type

export const field = Schema.optionalKey(Limits).annotate({
  description: "How much of the provider is used at once and within a minute. What is over it waits in order, up to " +
    "`queue` calls and `max_wait_ms`; what can't wait is answered 429 with retry-after. Absent: no limit."
}).pipe(FieldPrompt.annotate({ prompt: "Limits (concurrency, requests_per_minute, tokens_per_minute)" }))
