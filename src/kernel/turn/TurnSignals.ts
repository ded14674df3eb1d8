/** What others say to a turn while it runs, in this process or another: it is cancelled, an approval is answered. */
import { Clock, Deferred, Duration, Effect, Stream } from "effect"
import type { Scope } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import * as TurnEvents from "./TurnEvents.ts"

export interface Answer {
  readonly decision: "grant" | "deny"
  readonly reason: string | null
}

export interface TurnSignals {
  /** How it is to end; undefined: it goes on. */
  readonly cancel: () => TurnEvents.CancelMode | undefined
  /** True once its time is over. */
  readonly isLate: () => boolean
  /** True once another process has taken it to be gone, and closed it. */
  readonly isClosed: () => boolean
  /** What runs is given up when this is done. */
  readonly givenUp: Effect.Effect<void>
  /** Waits until each of the approvals is answered, or somebody cancels; at most so long. Its time stands still then. */
  readonly awaitAnswers: (ids: ReadonlyArray<string>, timeout: Duration.Duration) => Effect.Effect<void>
  readonly answerOf: (id: string) => Answer | undefined
}

export interface Options {
  readonly tenant: string
  readonly sessionId: string
  readonly turn: string
  readonly execution: string
  /** What is behind this position is news. */
  readonly after: number
  readonly maxSeconds: number
}

/** In a verification nobody says anything: what was decided stands in the log. */
export const silent: TurnSignals = {
  cancel: () => undefined,
  isLate: () => false,
  isClosed: () => false,
  givenUp: Effect.never,
  awaitAnswers: () => Effect.void,
  answerOf: () => undefined
}

const types = [TurnEvents.CancelRequested.type, TurnEvents.ApprovalAnswered.type, TurnEvents.ExecutionEnded.type]

export const make = Effect.fnUntraced(function*(
  hub: Pick<EventHub["Service"], "follow">,
  { after, execution, maxSeconds, sessionId, tenant, turn }: Options
): Effect.fn.Return<TurnSignals, never, Scope.Scope> {
  const givenUp = yield* Deferred.make<void>()
  const answers = new Map<string, Answer>()
  let cancel: TurnEvents.CancelMode | undefined
  let [late, closed] = [false, false]
  let news = yield* Deferred.make<void>()
  let deadline = (yield* Clock.currentTimeMillis) + maxSeconds * 1000

  const take = ({ payload, type }: { readonly type: string; readonly payload: unknown }): void => {
    if (field(payload, "turn") !== turn) return
    if (type === TurnEvents.CancelRequested.type) {
      const immediate = field(payload, "mode") === "immediate"
      cancel = immediate || cancel === "immediate" ? "immediate" : "graceful"
      if (immediate) Deferred.doneUnsafe(givenUp, Effect.void)
    } else if (type === TurnEvents.ExecutionEnded.type) {
      if (field(payload, "execution") !== execution) return
      closed = true
      Deferred.doneUnsafe(givenUp, Effect.void)
    } else {
      answers.set(textOrNull(field(payload, "approval_id")) ?? "", {
        decision: field(payload, "decision") === "grant" ? "grant" : "deny",
        reason: textOrNull(field(payload, "reason"))
      })
    }
    const before = news
    news = Deferred.makeUnsafe()
    Deferred.doneUnsafe(before, Effect.void)
  }

  yield* Stream.runForEach(
    hub.follow({ tenant, sessionId, types, after }),
    (event: RecordedEvent) => Effect.sync(() => take({ type: event.type, payload: payloadOf(event) }))
  ).pipe(
    // Nobody hears of it then: the log that fails here fails whoever writes to it, too.
    Effect.ignore,
    Effect.forkScoped({ startImmediately: true })
  )

  yield* Effect.gen(function*() {
    while (true) {
      const left = deadline - (yield* Clock.currentTimeMillis)
      if (left <= 0) break
      yield* Effect.sleep(Duration.millis(Math.min(left, 2 ** 31 - 1)))
    }
    late = true
    Deferred.doneUnsafe(givenUp, Effect.void)
  }).pipe(Effect.forkScoped)

  const isAnswered = (ids: ReadonlyArray<string>): boolean =>
    cancel !== undefined || closed || ids.every((id) => answers.has(id))

  const answered = (ids: ReadonlyArray<string>): Effect.Effect<void> =>
    Effect.suspend(() => isAnswered(ids) ? Effect.void : Effect.andThen(Deferred.await(news), answered(ids)))

  return {
    cancel: () => cancel,
    isLate: () => late,
    isClosed: () => closed,
    givenUp: Deferred.await(givenUp),
    awaitAnswers: Effect.fnUntraced(function*(ids, timeout) {
      const began = yield* Clock.currentTimeMillis
      deadline += Duration.toMillis(timeout)
      yield* Effect.timeoutOption(answered(ids), timeout)
      deadline += (yield* Clock.currentTimeMillis) - began - Duration.toMillis(timeout)
    }),
    answerOf: (id) => answers.get(id)
  }
})
