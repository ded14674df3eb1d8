/** The recordings of a source as they are now: found by request, read from their log, explained where there is none. */
import { Effect, Fiber } from "effect"
import { readAll } from "../../../events/log/ReadAll.ts"
import { Redactor } from "../../../events/redaction/Redactor.ts"
import { CurrentTenant, defaultTenant } from "../../../events/types/Tenant.ts"
import { NextReplayCall } from "../../../kernel/calls/NextReplayCall.ts"
import * as ProviderEvents from "../../../kernel/provider/ProviderEvents.ts"
import type { RecordedAnswer } from "../../../kernel/replay/ReplayCalls.ts"
import * as ReplayCalls from "../../../kernel/replay/ReplayCalls.ts"
import * as ReplayFeed from "../../../kernel/replay/ReplayFeed.ts"
import { ReplaySources } from "../../../kernel/replay/ReplaySources.ts"
import * as RequestKey from "../../../kernel/replay/RequestKey.ts"
import * as MissExplanation from "./MissExplanation.ts"
import type { Config } from "./ReplayConfig.ts"
import type { Recorded } from "./ReplayIndex.ts"
import { ReplayIndex } from "./ReplayIndex.ts"
import { ReplayReader, types } from "./ReplayReader.ts"

/** How long the start waits for a long log to be read; requests wait for the rest. */
const startTimeout = "10 seconds"

export interface MatchedRecording {
  readonly recorded: Recorded
  readonly answer: RecordedAnswer
}

/** `provider` is the instance whose recordings are used where the configuration names no other source. */
export const make = Effect.fn("Recordings.make")(function*(config: Config, provider: string) {
  const { file, max_recordings, mode, session } = config
  const log = yield* (yield* ReplaySources).open({ file, session })
  const index = new ReplayIndex(max_recordings)
  const tenant = yield* CurrentTenant
  const oneSource = file !== undefined || session !== undefined
  const starts = yield* readAll(log, {
    tenant: defaultTenant,
    stream: ProviderEvents.stream,
    types: [ProviderEvents.RecordingStarted.type]
  })
  const redactor = yield* Redactor.configured
  const reader = new ReplayReader(index, { oneSource, starts, redactor })
  const filter = session !== undefined
    ? { tenant, sessionId: session }
    : file !== undefined
    ? {}
    : { tenant, provider }
  const catchUp = ReplayFeed.make(log, { types, ...filter }, (event) => reader.take(event))
  /** In mode replay this instance adds nothing that could answer: it looks again only for what it did not find. */
  const onlyReads = mode === "replay" && !oneSource

  // In a verification the calls are known: the log is read where a miss has to be explained, and not before.
  if ((yield* NextReplayCall) === undefined) {
    yield* Effect.timeoutOption(Fiber.join(yield* Effect.forkScoped(catchUp)), startTimeout)
  }
  if (index.forgotten > 0) {
    yield* Effect.logWarning(
      `${provider}: recordings that were forgotten, the oldest: ${index.forgotten}; to keep more, raise max_recordings.`
    )
  }

  /** Undefined where retention has removed what it said. */
  const eventAt = (position: number) =>
    Effect.map(
      log.read({ after: position - 1, limit: 1 }),
      ([event]) => event?.position === position && event.prunedAt === undefined ? event : undefined
    )

  const load = Effect.fnUntraced(function*(recorded: Recorded) {
    const answered = yield* eventAt(recorded.answered)
    const failed = recorded.failed === undefined ? undefined : yield* eventAt(recorded.failed)
    if (answered === undefined) return undefined
    return { recorded, answer: ReplayCalls.answerOf(answered, failed) }
  })

  const candidate = (recorded: Recorded) =>
    Effect.map(eventAt(recorded.asked), (event) =>
      event === undefined ? [] : [{
        requestId: recorded.requestId,
        sessionId: event.sessionId,
        body: redactor.text(ReplayCalls.requestOf(event).body)
      }])

  return {
    /** Moves the session on to its next answer. Without `errors` only answers that are none are found. */
    find: Effect.fnUntraced(
      function*(key: string, sessionId: string, options: { readonly errors: boolean }) {
        if (!onlyReads || !index.has(key)) yield* catchUp
        while (true) {
          const recorded = index.find(key, sessionId, options)
          if (recorded === undefined) return undefined
          const loaded = yield* load(recorded)
          if (loaded !== undefined) return loaded
          index.forget(recorded)
        }
      }
    ),

    explainMiss: Effect.fnUntraced(function*(body: string) {
      yield* catchUp
      const nearest = MissExplanation.nearest(index.recent(RequestKey.outline(body).model), body)
      const candidates = yield* Effect.forEach(nearest, ({ recorded }) => candidate(recorded))
      const forgotten = index.forgotten === 0
        ? ""
        : ` Older recordings that were forgotten: ${index.forgotten}; to keep more, raise max_recordings.`
      return `${MissExplanation.text(candidates.flat(), body)}.${forgotten}`
    }),

    /** The models that were asked, as the vendor names them. */
    models: Effect.map(catchUp, () => index.models)
  }
})
