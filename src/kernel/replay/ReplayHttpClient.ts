/** An `HttpClient` that answers from a recording: no byte leaves the machine. */
import { Effect } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import { isInAnswer } from "../calls/AnswerFailure.ts"
import { TimeLimitExceeded, type as timeout } from "../client/TimeLimitExceeded.ts"
import type { RecordedAnswer } from "./ReplayCalls.ts"

const bytes = (text: string, encoding: RecordedAnswer["encoding"]): Uint8Array =>
  Buffer.from(text, encoding === "utf-8" ? "utf8" : "base64")

/** What ended the call, as a provider tells it apart. */
const causeOf = ({ message, type }: NonNullable<RecordedAnswer["failure"]>): Error =>
  type === timeout ? new TimeLimitExceeded({ message }) : new Error(message)

/** The frames one by one; an answer that was cut off breaks where it did. */
const streamOf = ({ encoding, failure, frames = [] }: RecordedAnswer): ReadableStream<Uint8Array> => {
  const remaining = frames.map(([, frame]) => bytes(frame, encoding))
  return new ReadableStream({
    pull: (controller) => {
      const next = remaining.shift()
      if (next !== undefined) controller.enqueue(next)
      else if (failure !== undefined && !isInAnswer(failure)) controller.error(causeOf(failure))
      else controller.close()
    }
  })
}

const withoutBody = new Set([101, 204, 205, 304])

const toResponse = (answer: RecordedAnswer, status: number): Response => {
  const body = answer.body === undefined ? streamOf(answer) : Buffer.from(bytes(answer.body, answer.encoding))
  return new Response(withoutBody.has(status) ? null : body, { status, headers: answer.headers })
}

/** `find` gives the recorded answer to a request; undefined where there is none. */
export const make = (
  find: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<RecordedAnswer | undefined>
): HttpClient.HttpClient =>
  HttpClient.make((request) =>
    Effect.flatMap(find(request), (answer) => {
      if (answer !== undefined && answer.status !== null) {
        return Effect.succeed(HttpClientResponse.fromWeb(request, toResponse(answer, answer.status)))
      }
      const failure = answer?.failure ?? { type: "missing", message: "the recording has no answer to this request" }
      const reason = new HttpClientError.TransportError({
        request,
        cause: causeOf(failure),
        description: failure.message
      })
      return Effect.fail(new HttpClientError.HttpClientError({ reason }))
    })
  )
