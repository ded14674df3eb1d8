/** A response whose bytes pass from a vendor of the dialect: the frame that carries all of it goes out when it is kept. */
import { Cause, Effect, Exit } from "effect"
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import { SseCutter } from "../../events/types/SseCutter.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { bufferOf, textOf } from "../../kernel/bytes/WholeBody.ts"
import { isFinalFrame } from "../../kernel/dialects/responses/FinalFrame.ts"
import { dataOf } from "../../kernel/dialects/sse/SseFrame.ts"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import { isStorable } from "../../kernel/resources/Resource.ts"
import * as BrokenResponse from "./BrokenResponse.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import { dialect } from "./ResponseFrames.ts"

type Keep = (response: Schema.JsonObject) => Effect.Effect<void>

const marks = ["response.completed", "response.incomplete", "response.failed"]

/** Whole frames, parted where the one that carries the response begins. */
const parted = (chunk: Uint8Array): ReadonlyArray<Uint8Array> => {
  const bytes = bufferOf(chunk)
  const at = marks.map((mark) => bytes.indexOf(mark)).filter((place) => place !== -1)
  if (at.length === 0) return [chunk]
  const first = Math.min(...at)
  let start = 0
  for (const end of new SseCutter().ends(chunk)) {
    if (end > first && isFinalFrame(chunk.subarray(start, end))) {
      return [chunk.subarray(0, start), chunk.subarray(start)].filter(({ length }) => length > 0)
    }
    start = end
  }
  return isFinalFrame(chunk.subarray(start)) && start > 0 ? [chunk.subarray(0, start), chunk.subarray(start)] : [chunk]
}

const responseIn = (frame: Uint8Array): Schema.JsonObject | undefined => {
  const response = field(parse(dataOf(bufferOf(frame).toString("utf8")) ?? ""), "response")
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
  keep: Keep
): WireResponse => ({
  ...answer,
  dialect,
  body: ByteSource.through(answer.body, (sink, { run }) => {
    /** From the frame that carries all of it. */
    const held: Array<Uint8Array> = []
    const passed = new Passed()
    let isKept = false
    const kept = (end: BrokenResponse.End, then: (exit: Exit.Exit<void>) => void) => {
      isKept = true
      const [last] = held
      const response = last === undefined ? BrokenResponse.of(passed.chunks, end) : responseIn(last)
      run(response === undefined ? Effect.void : keep(response), then)
    }
    return {
      chunk: (bytes) => {
        for (const part of parted(bytes)) {
          if (held.length > 0 || isFinalFrame(part)) held.push(part)
          else {
            passed.add(part)
            sink.chunk(part)
          }
        }
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

/** `keep` gets the response when all of it is there, or all that there will be. */
export const of = (
  answer: WireResponse,
  keep: Keep,
  recording: Pick<Recording, "parse">
): Effect.Effect<WireResponse> => {
  if (Bytes.isStreamed(answer)) return Effect.succeed(streamed(answer, named(keep)))
  const response = recording.parse(textOf(answer.body as WholeBody))
  return answer.status === 200 && isFields(response) && textOrNull(response["id"]) !== null
    ? Effect.as(named(keep)(response), answer)
    : Effect.succeed(answer)
}
