/** Calls about a vendor's batches: how they are recorded, and answered again. */
import { Effect, Schema } from "effect"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import { Search, VendorBatch, VendorLine, VendorLineAnswer, Wanted } from "../../kernel/batches/VendorBatch.ts"
import type { VendorBatches } from "../../kernel/batches/VendorBatch.ts"
import type { CallMethod } from "../../kernel/calls/Call.ts"
import * as Calls from "../../kernel/calls/Calls.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import * as VendorBatchEvents from "./VendorBatchEvents.ts"

const headers = Schema.Record(Schema.String, Schema.String)

const Submission = Schema.Struct({
  batch: Schema.String,
  endpoint: Schema.String,
  lines: Schema.Array(VendorLine),
  headers
})

type Action = typeof VendorBatchEvents.actions[number]

const method = (action: Action, input: Schema.Top, answer: Schema.Top): CallMethod<ProviderError> => ({
  name: `inference.batch.${action}`,
  input,
  answer,
  element: undefined,
  error: Schema.Union([ProviderRejected, ProviderFailed]),
  events: VendorBatchEvents
})

const methods = {
  submit: method("submit", Submission, VendorBatch),
  find: method("find", Wanted, Search),
  retrieve: method("retrieve", Schema.String, VendorBatch),
  results: method("results", VendorBatch, Schema.Array(VendorLineAnswer)),
  cancel: method("cancel", Schema.String, VendorBatch)
}

/** A provider's batches, whose calls are recorded; `batch`: Strata's id. */
export const recorded = (provider: string, batch: string, batches: VendorBatches): VendorBatches => {
  const run = <A>(action: Action, input: unknown, effect: Effect.Effect<A, ProviderError>, lines?: number) =>
    Calls.runValue({
      method: methods[action],
      provider,
      common: { provider, operation: action },
      request: { batch_id: batch, line_count: lines ?? null },
      input: () => JSON.stringify(input),
      summarize: ({ json }) => ({
        vendor_id: textOrNull(field(json, "id")),
        vendor_status: textOrNull(field(json, "status")) ?? textOrNull(field(json, "processing_status"))
      })
    }, effect)
  const asked = <A>(ask: () => Effect.Effect<A, ProviderError>) => Effect.suspend(ask)
  return {
    endpoints: batches.endpoints,
    submit: (given) => run("submit", given, asked(() => batches.submit(given)), given.lines.length),
    find: (wanted) => run("find", wanted, asked(() => batches.find(wanted))),
    retrieve: (id) => run("retrieve", id, asked(() => batches.retrieve(id))),
    results: (of) => run("results", of, asked(() => batches.results(of))),
    cancel: (id) => run("cancel", id, asked(() => batches.cancel(id)))
  }
}
