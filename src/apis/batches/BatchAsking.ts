/** Asks the lines of a batch, some at a time: each is a request of the batch's owner, and its answer counts once. */
import { Deferred, Effect, Stream } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import * as WholeBody from "../../kernel/bytes/WholeBody.ts"
import { RecordedDecisions } from "../../kernel/calls/Decision.ts"
import type { ReplayedCall } from "../../kernel/calls/ReplayedCall.ts"
import { ReplayedCalls } from "../../kernel/calls/ReplayedCall.ts"
import * as VendorHeaders from "../../kernel/dialects/VendorHeaders.ts"
import type { Operation } from "../../kernel/http/Operations.ts"
import type { Answering } from "../../kernel/modules/InProcessOperations.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import type { Requests } from "../../kernel/requests/Requests.ts"
import type { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkTask } from "../../kernel/work/WorkTask.ts"
import * as BatchEvents from "./BatchEvents.ts"
import type { BatchLine } from "./BatchLine.ts"
import * as BatchUsage from "./BatchUsage.ts"
import { header } from "./BatchWork.ts"
import type { LineSet } from "./LineSet.ts"

interface Asking {
  readonly requests: Requests["Service"]
  readonly answering: Answering
  readonly operation: Operation
  readonly task: Pick<WorkTask<unknown>, "append">
  readonly batch: string
  /** Of who made the batch, for the vendor. */
  readonly headers: Readonly<Record<string, string>>
  /** At once. */
  readonly concurrency: number
  /** Those that have an answer. */
  readonly answered: LineSet
  /** Of a batch that a vendor has done: what each line's call is answered with. It counts against no quota again. */
  readonly given?: (line: number) => ReplayedCall
}

type Lost = LeaseLost | EventLogUnavailable

const textOf = (bytes: Bytes<unknown>): string =>
  isStreamed(bytes) ? "" : WholeBody.textOf(bytes.body as WholeBody.WholeBody)

/** Whoever has used up a quota waits for the next period, as the lines are nobody's hurry. */
export const quota = (
  answering: Pick<Answering, "takeQuota">,
  principal: Principal | null
): Effect.Effect<void, EventLogUnavailable> =>
  Effect.gen(function*() {
    while (true) {
      const seconds = yield* answering.takeQuota(principal)
      if (seconds === 0) return
      yield* Effect.sleep(seconds * 1000)
    }
  })

const refused = (message: string): Bytes => ({
  status: 400,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: null } })
})

/**
 * The answer is in the batch's stream before its request is over: a line whose request has an answer in the log is never
 * asked again. Who fails to append it ends all of the batch's lines by `lost`.
 */
const ask = (
  asking: Asking,
  { body, custom_id, line }: BatchLine,
  lost: (error: Lost) => Effect.Effect<unknown>
): Effect.Effect<unknown, EventLogUnavailable> => {
  const { answering, batch, operation, requests, task } = asking
  const asked = answering.asked(operation)
  const keep = Effect.fnUntraced(function*(bytes: Bytes<unknown>) {
    const recording = yield* CurrentRecording
    const text = textOf(bytes)
    const answered = yield* Draft.make(BatchEvents.LineAnswered, {
      line,
      custom_id,
      request_id: recording?.options.requestId ?? "",
      status_code: bytes.status,
      body: text,
      ...BatchUsage.of(text)
    })
    // The lease is another's: the request was given up, as its worker is lost.
    yield* Effect.catch(task.append([answered]), (error) => Effect.andThen(lost(error), Effect.never))
    return bytes
  })
  const answer = asked === undefined
    ? Effect.succeed<Bytes<unknown>>(refused(`${operation.path} can't be asked in a batch.`))
    : Effect.map(asked(body), (bytes) => isStreamed(bytes) ? refused("A line of a batch can't be streamed.") : bytes)
  const input = RequestInput.make(operation, { payload: body, session: batch })
  const run = requests.run(
    { ...input, headers: { ...input.headers, ...asking.headers, [header]: batch } },
    Effect.provideService(Effect.flatMap(answer, keep), VendorHeaders.Kept, asking.headers)
  )
  const { given } = asking
  const before = given === undefined
    ? Effect.flatMap(CurrentPrincipal, (principal) => quota(answering, principal))
    : Effect.void
  const made = given === undefined ? run : run.pipe(
    Effect.provideService(ReplayedCalls, () => given(line)),
    // The vendor has decided: nothing is made again, limited or counted as a failure.
    Effect.provideService(RecordedDecisions, () => undefined)
  )
  return Effect.andThen(
    before,
    made.pipe(
      Effect.catchTags({
        // What the client has is in the batch's stream.
        EventLogUnavailable: (error) => Effect.fail(error),
        VersionConflict: Effect.die,
        EventIdTaken: Effect.die,
        SessionExists: Effect.die
      })
    )
  )
}

/** Ends when every line has its answer. */
export const run = <E, R>(
  asking: Asking,
  lines: Stream.Stream<BatchLine, E, R>
): Effect.Effect<void, E | Lost, R> =>
  Effect.gen(function*() {
    const lost = yield* Deferred.make<never, Lost>()
    const all = lines.pipe(
      Stream.filter(({ line }) => !asking.answered.has(line)),
      Stream.mapEffect((line) => ask(asking, line, (error) => Deferred.fail(lost, error)), {
        concurrency: asking.concurrency,
        unordered: true
      }),
      Stream.runDrain
    )
    yield* Effect.raceFirst(all, Deferred.await(lost))
  })
