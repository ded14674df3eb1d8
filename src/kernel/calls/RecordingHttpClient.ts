/** The one `HttpClient` providers use: what goes through it on behalf of a request becomes events. */
import { Effect, Exit, Layer } from "effect"
import { HttpClient } from "effect/http"
import { CurrentRecording } from "../requests/Recording.ts"
import { CallRecord } from "./CallRecord.ts"
import { CurrentProviderCall } from "./ProviderCall.ts"
import { describeCause, RecordingResponse } from "./RecordingResponse.ts"

export const wrap = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  HttpClient.transform(client, (execute, request) =>
    Effect.withFiber((fiber) => {
      const recording = fiber.getRef(CurrentRecording)
      const call = fiber.getRef(CurrentProviderCall)
      if (recording === undefined || call === undefined) return execute
      const record = new CallRecord(recording, call, request)
      return Effect.andThen(recording.flush, execute).pipe(
        Effect.onExit((exit) =>
          Exit.isSuccess(exit) ? Effect.void : Effect.sync(() => record.failed(...describeCause(exit.cause)))
        ),
        Effect.map((response) => new RecordingResponse(response, record))
      )
    }))

export const layer = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, wrap))
