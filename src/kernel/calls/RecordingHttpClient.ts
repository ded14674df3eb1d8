/** The one `HttpClient` providers use: what goes through it in a call becomes that call's wire events. */
import { Effect, Exit, Layer } from "effect"
import { HttpClient } from "effect/http"
import type { HttpClientRequest } from "effect/http"
import * as WholeBody from "../bytes/WholeBody.ts"
import * as VendorClient from "../client/VendorClient.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { CurrentCall } from "./Call.ts"
import type { CallRecord } from "./CallRecord.ts"
import { describeCause, RecordingResponse } from "./RecordingResponse.ts"

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): WholeBody.WholeBody =>
  body._tag === "Uint8Array" ? body.text ?? WholeBody.of(body.body) : ""

/** What a call sends second, or later, is recorded as a call within it. */
const recordOf = (current: CallRecord): CallRecord => current.isSent || current.isSettled ? current.inner() : current

const recording = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.transform(client, (execute, request) =>
    Effect.withFiber((fiber) => {
      const current = fiber.getRef(CurrentCall)
      // Nobody records it, so no recording of this request has an answer to it.
      if (current === undefined || current.isEnded) return Effect.provideService(execute, CurrentRecording, undefined)
      const record = recordOf(current)
      const { headers, method, url } = request
      record.sent(() => ({ method, url, headers, body: bodyOf(request) }))
      return Effect.andThen(record.recording.flush, execute).pipe(
        Effect.onExit((exit) =>
          Exit.isSuccess(exit) ? Effect.void : Effect.sync(() => record.failed(...describeCause(exit.cause)))
        ),
        Effect.map((response) => {
          record.begun(response)
          return new RecordingResponse(response, record)
        })
      )
    }))

export const wrap = (client: HttpClient.HttpClient): HttpClient.HttpClient => VendorClient.wrap(client, recording)

export const layer = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, wrap))
