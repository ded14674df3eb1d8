/** A response whose bytes pass from a vendor of the dialect: the frame that carries all of it goes out when it is kept. */
import { Cause, Effect, Exit } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import { SseCutter } from "../../events/types/SseCutter.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { bufferOf, textOf } from "../../kernel/bytes/WholeBody.ts"
import { isFinalFrame } from "../../kernel/dialects/responses/FinalFrame.ts"
import { lastFrameAt } from "../../kernel/dialects/sse/EndOfStream.ts"
import * as FrameJson from "../../kernel/dialects/sse/FrameJson.ts"
import { dataOf } from "../../kernel/dialects/sse/SseFrame.ts"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import { isStorable } from "../../kernel/resources/Resource.ts"
import * as BrokenResponse from "./BrokenResponse.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import { dialect } from "./ResponseFrames.ts"

type Keep = (response: Schema.JsonObject) => Effect.Effect<void>

/** Stands in each frame that carries the response, and in few others. */
const mark = /response\.(?:completed|incomplete|failed)/

/** Bytes of which a text is made to search them. Of more it is not, where the frame is one of the last. */
const shortChunk = 1024

/** So many frames at the end of a stream: the one that carries the response is among them. */
const lastFrames = 3

/** Where the frame begins that carries the response, as one of the last whose lines end in LF; -1: none of these does. */
const finalFromBehind = (bytes: Buffer): number => {
  let end = bytes.length
  for (let count = 0; count < lastFrames && end > 0; count++) {
    const start = lastFrameAt(bytes.subarray(0, end))
    if (isFinalFrame(bytes.subarray(start, end))) return start
    end = start
  }
  return -1
}

/** Where the frame begins that carries the response; -1: none does. */
const finalAt = (chunk: Uint8Array): number => {
  const bytes = bufferOf(chunk)
  const last = bytes.length > shortChunk ? finalFromBehind(bytes) : -1
  if (last !== -1) return last
  const first = bytes.toString("latin1").search(mark)
  if (first === -1) return -1
  let start = 0
  for (const end of new SseCutter().ends(chunk)) {
    if (end > first && isFinalFrame(chunk.subarray(start, end))) return start
    start = end
  }
  return isFinalFrame(chunk.subarray(start)) ? start : -1
}

/** Of a frame that was recorded as it is, the value is known. */
const responseIn = (frame: Uint8Array, captured: CapturedStream | undefined): Schema.JsonObject | undefined => {
  const text = bufferOf(frame).toString("utf8")
  const recorded = captured?.texts.slice(-lastFrames).find(([, each]) => each === text)
  const value = recorded === undefined ? parse(dataOf(text) ?? "") : FrameJson.of(recorded)
  const response = field(value, "response")
  return isFields(response) ? response : undefined
}

/** What passed, as far as it matters where no more comes: the first chunk, those in which an item is done, and the last. */
class Passed {
  readonly #chunks: Array<Uint8Array> = []
  #last: Uint8Array | undefined

  add(chunk: Uint8Array): void {
    if (this.#chunks.length === 0 || bufferOf(chunk).includes(BrokenResponse.itemDone)) {
      this.#chunks.push(chunk)
      this.#last = undefined
    } else this.#last = chunk
  }

  get chunks(): ReadonlyArray<Uint8Array> {
    return this.#last === undefined ? this.#chunks : [...this.#chunks, this.#last]
  }
}

const endOf = (cause: Cause.Cause<ProviderFailed>): BrokenResponse.End => {
  if (Cause.hasInterruptsOnly(cause)) return BrokenResponse.cancelled
  const error = Cause.findErrorOption(cause)
  return BrokenResponse.failed(error._tag === "Some" ? ResponseFailures.errorOf(error.value) : undefined)
}

const streamed = (
  answer: WireResponse & { readonly body: ByteSource.ByteSource<ProviderFailed> },
  keep: Keep,
  recording: Pick<Recording, "captured">,
  run: ByteSource.Passing["run"]
): WireResponse => ({
  ...answer,
  dialect,
  body: ByteSource.through(answer.body, (sink) => {
    /** From the frame that carries all of it. */
    const held: Array<Uint8Array> = []
    const passed = new Passed()
    let isKept = false
    const kept = (end: BrokenResponse.End, then: (exit: Exit.Exit<void>) => void) => {
      isKept = true
      const [last] = held
      const response = last === undefined ? BrokenResponse.of(passed.chunks, end) : responseIn(last, recording.captured)
      run(response === undefined ? Effect.void : keep(response), then)
    }
    return {
      chunk: (bytes) => {
        const at = held.length > 0 ? 0 : finalAt(bytes)
        const before = at === -1 ? bytes : bytes.subarray(0, at)
        if (before.length > 0) {
          passed.add(before)
          sink.chunk(before)
        }
        if (at !== -1) held.push(at === 0 ? bytes : bytes.subarray(at))
      },
      end: () =>
        kept(BrokenResponse.failed(), (exit) => {
          if (Exit.isFailure(exit)) return sink.fail(exit.cause)
          for (const part of held) sink.chunk(part)
          return sink.end()
        }),
      fail: (cause) => kept(endOf(cause), () => sink.fail(cause)),
      cancelled: () => {
        if (!isKept) kept(BrokenResponse.cancelled, () => {})
      }
    }
  })
})

/** What its vendor gave a name that no store holds is not kept. */
const named = (keep: Keep): Keep => (response) => {
  const id = textOrNull(response["id"]) ?? ""
  return isStorable(id)
    ? keep(response)
    : Effect.logWarning(
      `The response ${JSON.stringify(id.slice(0, 200))} is not kept: no store holds its vendor's name.`
    )
}

/**
 * `keep` gets the response when all of it is there, or all that there will be; of a stream, too, in the context of who asks
 * for it here: whoever opens the stream knows neither its request nor whose it is.
 */
export const of = (
  answer: WireResponse,
  keep: Keep,
  recording: Pick<Recording, "captured" | "parse">
): Effect.Effect<WireResponse> => {
  if (Bytes.isStreamed(answer)) {
    return Effect.map(
      Effect.context<never>(),
      (context) => streamed(answer, named(keep), recording, ByteSource.runIn(context))
    )
  }
  const response = recording.parse(textOf(answer.body as WholeBody))
  return answer.status === 200 && isFields(response) && textOrNull(response["id"]) !== null
    ? Effect.as(named(keep)(response), answer)
    : Effect.succeed(answer)
}
