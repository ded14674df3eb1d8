/** What is asked of a vendor about a batch: each a request of its own, in the batch's session, which a verification repeats. */
import { Effect, Schema } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type {
  Search,
  Submission,
  VendorBatch,
  VendorBatches,
  VendorLineAnswer,
  Wanted
} from "../../kernel/batches/VendorBatch.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import { SystemHandlers } from "../../kernel/system/SystemHandlers.ts"
import * as SystemOperations from "../../kernel/system/SystemOperations.ts"
import type { NoVendorBatch } from "../inference/VendorBatchRouter.ts"
import { VendorBatchRouter } from "../inference/VendorBatchRouter.ts"

const operation = SystemOperations.VendorBatch
type Payload = typeof operation.payload.Type

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(operation.payload))

export type VendorFailure = ProviderError | ProviderUnavailable | NoVendorBatch | EventLogUnavailable

const none = { vendor_id: null, vendor_status: null, answers: null }

const summaryOf = (value: VendorBatch | Search | ReadonlyArray<VendorLineAnswer>): typeof operation.success.Type => {
  if (Array.isArray(value)) return { ...none, answers: value.length }
  const { batch } = "unsure" in value ? value as Search : { batch: value as VendorBatch }
  return batch === null ? none : { ...none, vendor_id: batch.id, vendor_status: batch.status }
}

const asked = (
  batches: VendorBatches,
  { action, batch_id, endpoint = "", headers = {}, lines = [], vendor, vendor_id = "", wanted }: Payload
): Effect.Effect<VendorBatch | Search | ReadonlyArray<VendorLineAnswer>, ProviderError> => {
  switch (action) {
    case "submit":
      return batches.submit({ batch: batch_id, endpoint, headers, lines })
    case "find":
      return batches.find(wanted!)
    case "results":
      return batches.results(vendor!)
    case "retrieve":
      return batches.retrieve(vendor_id)
    case "cancel":
      return batches.cancel(vendor_id)
  }
}

type Asked<A> = Effect.Effect<A, VendorFailure>

export interface VendorRequests {
  readonly submit: (submission: Submission) => Asked<VendorBatch>
  readonly find: (wanted: Wanted) => Asked<Search>
  readonly retrieve: (id: string) => Asked<VendorBatch>
  readonly results: (batch: VendorBatch) => Asked<ReadonlyArray<VendorLineAnswer>>
  readonly cancel: (id: string) => Asked<VendorBatch>
}

export const make = Effect.gen(function*() {
  const requests = yield* Requests
  const router = yield* VendorBatchRouter

  const answerOf = (payload: Payload) =>
    Effect.flatMap(router.of(payload.provider_id, payload.batch_id), (batches) => asked(batches, payload))

  const bytesOf = (value: Parameters<typeof summaryOf>[0]) => Bytes.json(200, JSON.stringify(summaryOf(value)))

  yield* (yield* SystemHandlers).register(
    operation,
    (text) => Effect.map(Effect.flatMap(decode(text), answerOf), bytesOf)
  )

  /** Of a provider, for one batch. */
  return (provider_id: string, batch_id: string): VendorRequests => {
    const ask = <A>(payload: Omit<Payload, "provider_id" | "batch_id">): Asked<A> => {
      const whole = { provider_id, batch_id, ...payload }
      const input = RequestInput.make(operation, { payload: whole, session: batch_id })
      return Effect.suspend(() => {
        let value: unknown
        const answer = Effect.map(answerOf(whole), (given) => {
          value = given
          return bytesOf(given)
        })
        return Effect.map(requests.run(input, answer), () => value as A)
      }).pipe(
        Effect.catchTags({ VersionConflict: Effect.die, EventIdTaken: Effect.die, SessionExists: Effect.die })
      )
    }
    return {
      submit: ({ endpoint, headers, lines }) => ask({ action: "submit", endpoint, headers, lines }),
      find: (wanted) => ask({ action: "find", wanted }),
      retrieve: (vendor_id) => ask({ action: "retrieve", vendor_id }),
      results: (vendor) => ask({ action: "results", vendor }),
      cancel: (vendor_id) => ask({ action: "cancel", vendor_id })
    }
  }
})
