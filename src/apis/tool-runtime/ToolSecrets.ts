/** What a tool's server says goes on to a model, whose vendor is somebody else: without the secrets that the server was asked with. */
import { Effect } from "effect"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import * as VendorWords from "../../kernel/calls/VendorWords.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { ProviderToolFailure } from "../../kernel/tools/ToolFailure.ts"
import { ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"

/** As it will stand in the log, so that a verification has the same. */
const within = <A>(redactor: Redactor, value: A): A => {
  const text = JSON.stringify(value)
  const masked = redactor.forClient(text)
  return masked === text ? value : JSON.parse(masked)
}

/** Masks them in what is answered, and in what is said of a failure. */
export const masked = <A, R>(
  asked: Effect.Effect<A, ProviderToolFailure, R>
): Effect.Effect<A, ProviderToolFailure, R> =>
  Effect.withFiber((fiber) => {
    const redactor = fiber.getRef(CurrentRecording)?.redactor ?? VendorWords.redactorOf(fiber)
    return Effect.mapBoth(asked, {
      onSuccess: (answer) => within(redactor, answer),
      onFailure: (error) =>
        error._tag === "ToolCallFailed"
          ? new ToolCallFailed({ ...error, detail: redactor.forClient(error.detail) })
          : error
    })
  })
