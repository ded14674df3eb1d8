/** Tells who watches live what a streamed answer says as it passes, whoever's dialect its client speaks. */
import { Cause, Effect } from "effect"
import { LiveEvents } from "../../events/log/LiveEvents.ts"
import * as Bytes from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as AnswerFailure from "../calls/AnswerFailure.ts"
import { CurrentCall } from "../calls/Call.ts"
import { givenUp } from "../calls/CallRecord.ts"
import { NextReplayCall } from "../calls/NextReplayCall.ts"
import { describeCause } from "../calls/RecordingResponse.ts"
import { ProviderFailed } from "../http/ProviderErrors.ts"
import type { StreamPart } from "../messages/StreamPart.ts"
import type { Dialect } from "./Dialect.ts"
import * as LiveBlocks from "./LiveBlocks.ts"
import { PartReader } from "./PartReader.ts"
import type { WireResponse } from "./WireCall.ts"

const errorOf = (cause: Cause.Cause<ProviderFailed>) => {
  const error = Cause.squash(cause)
  if (error instanceof ProviderFailed) {
    const { detail, message, reason } = error
    return detail === AnswerFailure.cutOff.message ? AnswerFailure.cutOff : { type: reason, message }
  }
  const [type, message] = describeCause(cause)
  return { type, message }
}

const watched = (answer: WireResponse, dialect: Dialect, blocks: LiveBlocks.LiveBlocks): WireResponse => {
  if (!Bytes.isStreamed(answer)) return answer
  const reader = new PartReader(dialect)
  const take = (parts: ReadonlyArray<StreamPart>) => {
    for (const part of parts) blocks.add(part)
  }
  const body = ByteSource.watch(answer.body, {
    chunk: (bytes) => take(reader.feed(bytes)),
    end: () => {
      take(reader.end())
      blocks.aborted(AnswerFailure.cutOff)
    },
    fail: (cause) => blocks.aborted(errorOf(cause)),
    cancelled: (left) => {
      // Who leaves has seen the last frame: the answer is whole.
      if (left) return take(reader.end())
      const [type, message] = givenUp
      blocks.aborted({ type, message })
    }
  })
  return { ...answer, body }
}

/** The answer of the current call, in the dialect of its vendor. Where nobody watches it is the answer and nothing else. */
export const of = <E, R>(
  asked: Effect.Effect<WireResponse, E, R>,
  dialect: Dialect
): Effect.Effect<WireResponse, E, R> =>
  Effect.withFiber((fiber) => {
    const live = fiber.getRef(LiveEvents)
    const record = fiber.getRef(CurrentCall)
    if (live === undefined || record === undefined || fiber.getRef(NextReplayCall) !== undefined) return asked
    return Effect.map(asked, (answer) =>
      Bytes.isStreamed(answer) && LiveBlocks.isWanted(live, record)
        ? watched(answer, dialect, new LiveBlocks.LiveBlocks(live, record))
        : answer)
  })
