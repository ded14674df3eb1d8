/** What a frame of an answer says went wrong, though its status says that all is well. */
import { parse } from "../../events/types/JsonAccess.ts"
import { bufferOf } from "../bytes/WholeBody.ts"
import type { Dialect } from "../dialects/Dialect.ts"
import { ProviderRejected } from "../http/ProviderErrors.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"

/** Stands in what says that something failed, in whatever dialect. */
const mark = "error"

/** Undefined: nothing went wrong. */
export type JudgeBytes = (bytes: Uint8Array) => ProviderRejected | undefined

/** Of frames, or of a whole answer. */
export const of =
  (provider: string, { errors, failureIn }: Pick<Dialect, "errors" | "failureIn">, isStream: boolean): JudgeBytes =>
  (bytes) => {
    if (!bufferOf(bytes).includes(mark)) return undefined
    const text = bufferOf(bytes).toString("utf8")
    const failure = failureIn(
      isStream ? { json: undefined, frames: [[0, text]] } : { json: parse(text), frames: undefined }
    )
    if (failure === undefined) return undefined
    // Of a status that says nothing, the words decide.
    const { kind } = errors.raise(200, failure)
    return new ProviderRejected({
      provider,
      status: LlmErrors.statusOf(kind),
      headers: {},
      text: JSON.stringify(failure)
    })
  }
