/** The body of a request, read once and parsed once, whoever asks for it. */
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import { CurrentRecording } from "../kernel/requests/Recording.ts"

type Request = HttpServerRequest.HttpServerRequest

/** The request with a text that was read already; its JSON is what the recording has parsed. */
export const withText = (request: Request, text: string): Request =>
  Object.create(request, {
    text: { value: Effect.succeed(text) },
    json: {
      value: Effect.withFiber((fiber) => {
        const json = fiber.getRef(CurrentRecording)?.parse(text)
        return json === undefined ? request.json : Effect.succeed(json)
      })
    }
  })
