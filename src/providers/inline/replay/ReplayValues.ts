/** Embeddings and orders from recordings: whatever vendor's dialect they were recorded in. */
import { Effect, Result } from "effect"
import type { Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { RequestTraffic } from "../../../events/types/Traffic.ts"
import { NextReplayCall } from "../../../kernel/calls/NextReplayCall.ts"
import * as RecordingHttpClient from "../../../kernel/calls/RecordingHttpClient.ts"
import type { NotOfDialect } from "../../../kernel/dialects/NotOfDialect.ts"
import type { ProviderFailed } from "../../../kernel/http/ProviderErrors.ts"
import * as ReplayHttpClient from "../../../kernel/replay/ReplayHttpClient.ts"
import { CurrentRecording } from "../../../kernel/requests/Recording.ts"
import * as RecordedValue from "./RecordedValue.ts"
import { replayedScheme } from "./ReplayReader.ts"
import type { MatchedRecording } from "./ReplayRecordings.ts"

/** Says of a replayed answer which call it was recorded of: `<request id>/<attempt>`. */
export const recordingHeader = "x-strata-recording"

interface ValueDialect<Request> {
  readonly path: (model: string) => string
  readonly lower: (request: Request) => Result.Result<Schema.JsonObject, NotOfDialect>
}

type Ask<Request, A, E> = (request: Request) => Effect.Effect<A, E>

export interface Options<Request, Dialect, A, E> {
  readonly provider: string
  readonly dialects: ReadonlyArray<Dialect>
  /** Asks through a client, in a dialect. */
  readonly vendor: (dialect: Dialect, client: HttpClient.HttpClient) => Ask<Request, A, E>
  /** The network: in a verification it is the recording. */
  readonly network: HttpClient.HttpClient
  /** Answers where it may; undefined: recordings alone do. */
  readonly upstream: Ask<Request, A, E> | undefined
  /** Whether a recording answers before the upstream. */
  readonly prefersRecordings: boolean
  readonly find: (
    key: string,
    sessionId: string,
    options: { readonly errors: boolean }
  ) => Effect.Effect<MatchedRecording | undefined, ProviderFailed>
  readonly fail: (body: string) => Effect.Effect<never, ProviderFailed>
}

interface Written<Dialect> {
  readonly dialect: Dialect
  readonly path: string
  readonly body: string
}

export const make = <Request extends { readonly model: string }, Dialect extends ValueDialect<Request>, A, E>(
  { dialects, fail, find, network, prefersRecordings, provider, upstream, vendor }: Options<Request, Dialect, A, E>
): Ask<Request, A, E | ProviderFailed> => {
  const through = (client: HttpClient.HttpClient, url: string, recorded: string | undefined) =>
    HttpClient.mapRequest(client, (request) =>
      HttpClientRequest.prependUrl(
        recorded === undefined ? request : HttpClientRequest.setHeader(request, recordingHeader, recorded),
        url
      ))

  /** As it stands in the log, in each dialect that can say it. */
  const writtenIn = (request: Request, mask: (text: string) => string): ReadonlyArray<Written<Dialect>> =>
    dialects.flatMap((dialect) => {
      const lowered = dialect.lower(request)
      return Result.isFailure(lowered)
        ? []
        : [{ dialect, path: dialect.path(request.model), body: mask(JSON.stringify(lowered.success)) }]
    })

  const replay = ({ dialect }: Written<Dialect>, { answer, recorded }: MatchedRecording) =>
    vendor(
      dialect,
      through(
        RecordingHttpClient.wrap(ReplayHttpClient.make(() => Effect.succeed(answer))),
        `${replayedScheme}//${provider}/v1`,
        `${recorded.requestId}/${recorded.attempt}`
      )
    )

  /** What was replayed then is in the recording of this session. */
  const again = ({ body, headers, url }: RequestTraffic, all: ReadonlyArray<Written<Dialect>>) => {
    const same = all.find((each) => url.endsWith(each.path) && each.body === body) ??
      all.find((each) => url.endsWith(each.path))
    return same === undefined
      ? undefined
      : vendor(same.dialect, through(network, url.slice(0, -same.path.length), headers[recordingHeader]))
  }

  return Effect.fnUntraced(function*(request: Request) {
    const recording = yield* CurrentRecording
    const written = writtenIn(request, (text) => recording?.mask(text) ?? text)
    const body = written[0]?.body ?? JSON.stringify(request)
    const next = yield* NextReplayCall
    if (next !== undefined) {
      const traffic = next(recording?.line ?? "")
      const replayed = traffic?.url.startsWith(replayedScheme) === true ? again(traffic, written) : undefined
      return yield* (replayed ?? upstream)?.(request) ?? fail(body)
    }
    if (upstream !== undefined && !prefersRecordings) return yield* upstream(request)
    const sessionId = recording?.options.sessionId ?? ""
    for (const each of written) {
      const key = RecordedValue.keyOf(each.path, each.body)
      const matched = yield* find(key, sessionId, { errors: upstream === undefined })
      if (matched !== undefined) return yield* replay(each, matched)(request)
    }
    return yield* upstream?.(request) ?? fail(body)
  })
}
