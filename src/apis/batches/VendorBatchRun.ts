/**
 * A batch that a vendor does as one of its own: it is sent once, looked at until it is over, and what came of its lines is
 * taken over. Whoever goes on with it begins where the log stands.
 */
import { Clock, Effect, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { VendorBatch, VendorLineAnswer } from "../../kernel/batches/VendorBatch.ts"
import { isOver } from "../../kernel/batches/VendorBatch.ts"
import type { Answering } from "../../kernel/modules/InProcessOperations.ts"
import { WorkSettings } from "../../kernel/work/WorkConfiguration.ts"
import { WorkFailed } from "../../kernel/work/WorkKind.ts"
import type { WorkTask } from "../../kernel/work/WorkTask.ts"
import type { Files } from "../files/Files.ts"
import { VendorBatchRouter } from "../inference/VendorBatchRouter.ts"
import * as BatchAsking from "./BatchAsking.ts"
import * as BatchEvents from "./BatchEvents.ts"
import * as BatchInput from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import type { Input } from "./BatchWork.ts"
import * as VendorLines from "./VendorLines.ts"
import type { VendorFailure } from "./VendorRequests.ts"
import * as VendorRequests from "./VendorRequests.ts"

/** What follows; `waits`: it is looked at again; `stopped`: nobody has begun, or all of it is here. */
export type Course =
  | { readonly _tag: "waits" | "stopped" }
  | { readonly _tag: "failed"; readonly errors: ReadonlyArray<BatchEvents.BatchError> }
  | {
    readonly _tag: "answered"
    readonly status: "completed" | "expired" | "cancelled"
    readonly answerOf: (line: number) => VendorLineAnswer | undefined
  }

const waits: Course = { _tag: "waits" }
const stopped: Course = { _tag: "stopped" }

/** A vendor that can't be asked for so long behind the end of the batch's time is given up, milliseconds. */
const giveUpAfter = 86_400_000

/** Of refusals, those that may pass: also of a key, which somebody may mend. */
const passing = new Set([401, 403, 408, 409, 429])

const mayPass = (failure: VendorFailure): boolean =>
  failure._tag === "ProviderRejected"
    ? failure.status >= 500 || passing.has(failure.status)
    : failure._tag === "ProviderFailed" || failure._tag === "ProviderUnavailable"

const textOf = (failure: VendorFailure): string =>
  failure._tag === "ProviderRejected" ? `${failure.message}: ${failure.text.slice(0, 1000)}` : failure.message

/** Where a vendor did not take it. */
const refusal = (failure: VendorFailure): WorkFailed =>
  new WorkFailed({
    type: failure._tag === "NoVendorBatch" ? failure.code : "vendor_refused",
    message: textOf(failure),
    retryable: false
  })

export const make = Effect.fnUntraced(function*(sources: {
  readonly hub: EventHub["Service"]
  readonly files: Files["Service"] | undefined
}) {
  const router = yield* VendorBatchRouter
  const requestsOf = yield* VendorRequests.make
  const { max_vendor_batch_poll_seconds: longest, min_vendor_batch_poll_seconds: first } = yield* WorkSettings

  const pause = Effect.fnUntraced(function*(task: WorkTask<Input>, batch: KeptBatch) {
    const now = yield* Clock.currentTimeMillis
    const age = now - (batch.in_progress_at ?? batch.created_at) * 1000
    yield* task.pause([], now + Math.min(longest * 1000, Math.max(first * 1000, Math.floor(age / 4))))
    return waits
  })

  /** What may pass is waited for, up to an end. */
  const unless = (task: WorkTask<Input>, batch: KeptBatch) => (failure: VendorFailure) =>
    Effect.gen(function*() {
      if (failure._tag === "EventLogUnavailable") return yield* failure
      const isLate = (yield* Clock.currentTimeMillis) > batch.expires_at * 1000 + giveUpAfter
      if (isLate || !mayPass(failure)) return yield* refusal(failure)
      yield* Effect.logWarning(`The batch ${batch.id} waits: ${textOf(failure)}`)
      return yield* pause(task, batch)
    })

  const progress = (task: WorkTask<Input>, { vendor }: KeptBatch, { counts, id, status }: VendorBatch) =>
    Effect.gen(function*() {
      const now = { id, status, ...counts }
      if (
        vendor?.id === id && vendor.status === status && vendor.completed === now.completed &&
        vendor.failed === now.failed
      ) return
      yield* task.append([yield* Draft.make(BatchEvents.VendorProgress, now)])
    })

  /** Gives what the vendor has, once it has it. */
  const submitted = Effect.fnUntraced(
    function*(task: WorkTask<Input>, batch: KeptBatch, provider: string, answering: Answering) {
      const vendor = requestsOf(provider, batch.id)
      const prefix = VendorLines.prefixOf(yield* CurrentTenant, batch.id)
      if (batch.submitting_at !== undefined) {
        const wanted = { batch: batch.id, prefix, total: batch.total, since: batch.submitting_at }
        const search = yield* vendor.find(wanted)
        if (search.batch !== null) return search.batch
        if (search.unsure) return yield* pause(task, batch)
      }
      if (task.cancelRequested) return stopped
      yield* router.check(provider, batch.endpoint)
      const { errors, lines } = yield* VendorLines.prepare(
        BatchInput.lines(sources, batch),
        (line) => router.lineOf(provider, { body: line.body, model: VendorLines.modelOf(line) }),
        prefix
      )
      if (errors.length > 0) return { _tag: "failed", errors } as const
      const principal = yield* CurrentPrincipal
      yield* Effect.forEach(lines, () => BatchAsking.quota(answering, principal), { discard: true })
      const at = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      yield* task.append([yield* Draft.make(BatchEvents.VendorSubmitting, { at })])
      const { headers = {} } = task.input
      return yield* vendor.submit({ batch: batch.id, endpoint: batch.endpoint, lines, headers })
    }
  )

  /** Gives how far it is by now. */
  const latest = Effect.fnUntraced(
    function*(task: WorkTask<Input>, batch: KeptBatch, provider: string, answering: Answering) {
      if (batch.vendor !== undefined) return yield* requestsOf(provider, batch.id).retrieve(batch.vendor.id)
      return yield* submitted(task, batch, provider, answering)
    }
  )

  const run = Effect.fnUntraced(
    function*(task: WorkTask<Input>, batch: KeptBatch, provider: string, answering: Answering) {
      const vendor = requestsOf(provider, batch.id)
      const state = yield* latest(task, batch, provider, answering)
      if ("_tag" in state) return state
      yield* progress(task, batch, state)
      if (!isOver(state)) {
        const isLate = (yield* Clock.currentTimeMillis) >= batch.expires_at * 1000
        if ((task.cancelRequested || isLate) && state.status !== "cancelling") {
          // One that has just ended refuses it: that is seen the next time.
          const cancelled = Effect.flatMap(vendor.cancel(state.id), (state) => progress(task, batch, state))
          yield* Effect.catchTag(cancelled, "ProviderRejected", () => Effect.void)
        }
        return yield* pause(task, batch)
      }
      if (state.status === "failed") {
        const numbers = yield* Stream.runCollect(Stream.map(BatchInput.lines(sources, batch), ({ line }) => line))
        return { _tag: "failed", errors: VendorLines.errorsOf(state.errors, numbers) } as const
      }
      const prefix = VendorLines.prefixOf(yield* CurrentTenant, batch.id)
      const answers = yield* vendor.results(state)
      const isLate = state.status === "cancelled" && (yield* Clock.currentTimeMillis) >= batch.expires_at * 1000
      return {
        _tag: "answered",
        status: isLate ? "expired" : state.status as "completed" | "expired" | "cancelled",
        answerOf: VendorLines.answersOf(answers, prefix, state.status === "completed")
      } as const
    }
  )

  return (task: WorkTask<Input>, batch: KeptBatch, provider: string, answering: Answering) =>
    Effect.catchTags(run(task, batch, provider, answering), {
      ProviderRejected: unless(task, batch),
      ProviderFailed: unless(task, batch),
      ProviderUnavailable: unless(task, batch),
      NoVendorBatch: unless(task, batch)
    })
})
