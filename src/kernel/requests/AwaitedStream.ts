/** A stream that was asked for and is not there yet: whoever serves it may tell meanwhile that it is on its way. */
import { Context, Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import { CurrentRecording } from "./Recording.ts"
import { idsOf } from "./RequestIds.ts"

type Headers = Readonly<Record<string, string>>

/** `headers`: what the answer's head will say of the request. Undefined: nobody tells. */
export const AwaitedStreams = Context.Reference<
  ((request: HttpServerRequest.HttpServerRequest, headers: Headers) => void) | undefined
>("strata/kernel/requests/AwaitedStream/AwaitedStreams", { defaultValue: () => undefined })

/** Said by who knows that the answer will be server-sent events, before anything of it is there. */
export const announce: Effect.Effect<void> = Effect.withFiber((fiber) => {
  const announced = fiber.getRef(AwaitedStreams)
  const request = Context.getOrUndefined(fiber.context, HttpServerRequest.HttpServerRequest)
  const recording = fiber.getRef(CurrentRecording)
  if (announced !== undefined && request !== undefined) {
    announced(request, recording === undefined ? {} : idsOf(recording))
  }
  return Effect.void
})
