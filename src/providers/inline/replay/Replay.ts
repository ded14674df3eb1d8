/** `inline::replay`: answers from a recorded session, without a network. */
import { Duration, Effect, Layer, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { InferenceProvider, ProviderFailed } from "../../../apis/inference/Inference.ts"
import { CurrentRecording } from "../../../events/Recording.ts"
import { InferenceApi } from "../../../kernel/inference/InferenceApi.ts"
import * as OpenAiDialect from "../../../kernel/inference/OpenAiDialect.ts"
import * as Provider from "../../../kernel/Provider.ts"
import * as RecordingHttpClient from "../../../kernel/recording/RecordingHttpClient.ts"
import * as RecordedCalls from "../../../kernel/replay/RecordedCalls.ts"
import type { RecordedCall } from "../../../kernel/replay/RecordedCalls.ts"
import * as RecordedHttpClient from "../../../kernel/replay/RecordedHttpClient.ts"
import { RecordingUnavailable, SessionRecordings } from "../../../kernel/replay/SessionRecordings.ts"
import { RecordingBook } from "./RecordingBook.ts"

// --- configuration ---------------------------------------------------------

export const Config = Schema.Union([
  Schema.Struct({
    session: Schema.NonEmptyString.annotate({ description: "Id of a session in this server's log, recorded at raw." })
  }),
  Schema.Struct({ file: Schema.NonEmptyString.annotate({ description: "Path of an exported session." }) })
])
export type Config = typeof Config.Type

const sourceOf = (config: Config): string => "file" in config ? config.file : config.session

// --- layer -----------------------------------------------------------------

const make = (provider: string, config: Config) =>
  Effect.gen(function*() {
    const recordings = yield* SessionRecordings
    const events = yield* recordings.load(config)
    const book = yield* Effect.try({
      try: () => new RecordingBook(RecordedCalls.fromEvents(events)),
      catch: (cause) => new RecordingUnavailable({ source: sourceOf(config), detail: String(cause) })
    })

    const dialect = (call: RecordedCall) =>
      OpenAiDialect.make({
        provider,
        client: RecordedHttpClient.make(() => Effect.succeed(call.answer)).pipe(
          RecordingHttpClient.wrap,
          HttpClient.mapRequest(HttpClientRequest.prependUrl(`recording://${provider}/v1`))
        ),
        timeout: Duration.infinity
      })

    return InferenceProvider.of({
      chatCompletion: Effect.fnUntraced(function*(call) {
        const recording = yield* CurrentRecording
        const found = book.find(call.text, recording?.options.sessionId ?? "")
        if (found === undefined) {
          return yield* new ProviderFailed({ provider, reason: "not_recorded", detail: book.explainMiss(call.text) })
        }
        return yield* dialect(found).chatCompletion(call)
      }),
      models: {
        source: "configuration",
        list: Effect.succeed(book.models.map((id) => ({ id, created: 0, owned_by: provider })))
      }
    })
  })

export const Replay = Provider.make({
  api: InferenceApi,
  type: "inline::replay",
  description: "Answers from a recorded session: the same request gets the same answer, with no key and no network.",
  config: Config,
  requires: [],
  layer: (config, { provider_id }) => Layer.effect(InferenceProvider, make(provider_id, config))
})
