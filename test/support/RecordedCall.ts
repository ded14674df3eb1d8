/** Provider calls on behalf of a request, as a server makes them, and what the log says of them. */
import { Clock, Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { Secrets } from "../../src/events/redaction/Redaction.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import type { Call } from "../../src/kernel/calls/Call.ts"
import { CurrentCall } from "../../src/kernel/calls/Call.ts"
import { CallRecord } from "../../src/kernel/calls/CallRecord.ts"
import * as LlmEvents from "../../src/kernel/calls/LlmEvents.ts"
import * as RecordingHttpClient from "../../src/kernel/calls/RecordingHttpClient.ts"
import type { Options } from "../../src/kernel/requests/Recording.ts"
import { CurrentRecording, Recording } from "../../src/kernel/requests/Recording.ts"
import type { Answer } from "./FakeVendor.ts"
import * as FakeVendor from "./FakeVendor.ts"
import * as MemoryHub from "./MemoryHub.ts"

export const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
/** The id of the nth event of the request's first call, or of another. */
export const eventId = (n: number, path = "1") => EventIds.nth(EventIds.ofCall(requestId, path), n)

export const call: Call<never> = {
  method: {
    name: "test.call",
    input: Schema.Json,
    answer: Schema.Json,
    element: undefined,
    error: Schema.Never,
    events: LlmEvents
  },
  provider: "p",
  common: { provider: "p", model: "m" },
  request: { stream: false },
  input: () => "{}",
  summarize: () => ({ finish_reason: "stop" })
}

export const post = HttpClientRequest.post("http://vendor/v1/chat?api_key=k&n=1").pipe(
  HttpClientRequest.bodyText(`{"a":1}`, "application/json"),
  HttpClientRequest.setHeader("authorization", "Bearer sk-secret-1")
)

type Answering = (request: HttpClientRequest.HttpClientRequest) => Answer

/** Runs on behalf of a request whose provider call goes to this vendor, and commits what it left. */
export const onBehalf = Effect.fnUntraced(function*<A, E, R>(
  answer: Answering,
  use: (send: ReturnType<typeof sender>) => Effect.Effect<A, E, R>,
  options: Partial<Pick<Options, "level" | "providerLevels" | "debugBytes">> & { readonly secret?: string } = {}
) {
  const secrets = new Secrets()
  secrets.add(options.secret ?? "")
  const recording = new Recording({
    hub: yield* EventHub,
    clock: yield* Clock.Clock,
    requestId,
    sessionId: "s",
    parentSessionId: null,
    level: "raw",
    ...options,
    secrets: [secrets]
  })
  const exit = yield* use(sender(answer)).pipe(
    Effect.provideService(CurrentRecording, recording),
    Effect.exit
  )
  yield* recording.commit
  return exit
})

export const sender = (answer: Answering) => {
  const client = RecordingHttpClient.wrap(FakeVendor.make(answer))
  return inCall(client.execute(post))
}

/** A call of the request for each time it runs. */
export const inCall = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(CurrentRecording, (recording) => {
    if (recording === undefined) return effect
    const attempt = recording.nextCall()
    return Effect.provideService(
      effect,
      CurrentCall,
      new CallRecord(recording, call, { path: String(attempt), attempt, cause: recording.origin })
    )
  })

export const types = Effect.map(MemoryHub.events(), (events) => events.map(({ type }) => type))
export const payloads = Effect.map(
  MemoryHub.told(),
  (told) => Object.fromEntries(told.map(([type, payload]) => [type, Object(payload)]))
)

export const requests = ["llm:request", "llm:request:debug", "llm:request:raw"]
export const responses = ["llm:response", "llm:response:debug", "llm:response:raw"]
export const errors = ["llm:error", "llm:error:debug", "llm:error:raw"]
