/** Asks the hooks before a provider call and after it: `llm:request` and `llm:response`. */
import { Effect, Predicate, Schema, Stream } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import type { Bytes, WholeBytes } from "../../kernel/bytes/Bytes.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import * as WholeBody from "../../kernel/bytes/WholeBody.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as SseJson from "../../kernel/dialects/sse/SseJson.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { Check } from "../../kernel/hooks/Hook.ts"
import type { HookDecision } from "../../kernel/hooks/HookDecision.ts"
import { refusal } from "../../kernel/hooks/HookDecision.ts"
import type { Honoured } from "../../kernel/hooks/HookDispatch.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { InferenceError } from "./Inference.ts"
import { DeniedByHook } from "./Inference.ts"

export const request = "llm:request"
export const response = "llm:response"

/** Who serves the model, and what the client calls it. */
export interface Target {
  readonly provider: string
  readonly model: string
}

type Ask = (call: WireCall) => Effect.Effect<WireResponse, InferenceError>

/** What is wrong with a request in its dialect; undefined: nothing. */
const issueIn = ({ raise, requestSchema }: Dialect, data: unknown): string | undefined => {
  const decoded = requestSchema === undefined ? raise.request(data) : Schema.decodeUnknownResult(requestSchema)(data)
  return decoded._tag === "Failure" ? decoded.failure.message : undefined
}

/** Whether the answer is a stream is for the client to say. */
const checkRequest = ({ dialect, stream }: WireCall): Check => (data) => {
  const issue = issueIn(dialect, data)
  if (issue !== undefined) return issue
  return (data["stream"] === true) === stream ? undefined : "stream is what the client asked for: leave it"
}

/** An answer can be withheld or replaced; nobody reads what is injected into it. */
const answerHonours: Honoured = ["deny", "ask_user", "modify"]
/** A stream has reached the client by then: it can only be looked at. */
const streamHonours: Honoured = []

const refuse = (decision: HookDecision, subject: DeniedByHook["subject"]) => {
  const reason = refusal(decision)
  return reason === undefined
    ? Effect.void
    : Effect.fail(new DeniedByHook({ hook: decision.hooks.join(", "), subject, reason }))
}

/** The request as the hooks let it go out. */
export const asked = Effect.fnUntraced(function*(hooks: Hooks["Service"], target: Target, call: WireCall) {
  const data = JSON.parse(call.text) as Schema.JsonObject
  const decision = yield* hooks.emit({
    type: request,
    data,
    provider: target.provider,
    attributes: { ...target, stream: call.stream },
    check: checkRequest(call)
  })
  yield* refuse(decision, "request")
  if (decision.modified_by.length === 0 && decision.context === null) return call
  const { context, data: changed } = decision
  const body = context === null ? changed : call.dialect.conversation.addContext(changed, context)
  const model = Predicate.isString(body["model"]) ? body["model"] : call.model
  return { ...call, model, body, text: JSON.stringify(body) }
})

const answered = Effect.fnUntraced(function*(
  hooks: Hooks["Service"],
  target: Target,
  answer: WholeBytes
) {
  const data = parse(WholeBody.textOf(answer.body))
  if (!Predicate.isObject(data)) {
    const detail = "not JSON, so no hook can look at it"
    return yield* new ProviderFailed({ provider: target.provider, reason: "invalid_answer", detail })
  }
  const decision = yield* hooks.emit({
    type: response,
    data: data as Schema.JsonObject,
    provider: target.provider,
    attributes: { ...target, stream: false },
    honours: answerHonours
  })
  yield* refuse(decision, "answer")
  return decision.modified_by.length === 0 ? answer : { ...answer, body: JSON.stringify(decision.data) }
})

/** The hooks see a stream when all of it has passed, before the client learns that it has ended. */
const watched = (
  hooks: Hooks["Service"],
  target: Target,
  answer: Bytes<ProviderFailed> & { readonly body: ByteSource.ByteSource<ProviderFailed> }
) =>
  Effect.map(CurrentRecording, (recording) => {
    const stream = Stream.suspend(() => {
      const passed: Array<Uint8Array> = []
      const emit = Effect.suspend(() =>
        hooks.emit({
          type: response,
          data: { chunks: SseJson.valuesOf(Buffer.concat(passed).toString("utf8")) },
          provider: target.provider,
          attributes: { ...target, stream: true },
          honours: streamHonours
        })
      ).pipe(Effect.provideService(CurrentRecording, recording))
      return answer.body.stream.pipe(
        Stream.map((chunk) => {
          passed.push(chunk)
          return chunk
        }),
        Stream.concat(Stream.fromEffectDrain(emit))
      )
    })
    return { ...answer, body: ByteSource.fromStream(stream) }
  })

/** Wraps a provider call. Where no hook wants to know, it is the call. */
export const make = (hooks: Hooks["Service"]) => (target: Target, call: WireCall, ask: Ask) => {
  const sent = hooks.wants(request)
    ? Effect.flatMap(asked(hooks, target, call), ask)
    : ask(call)
  if (!hooks.wants(response)) return sent
  return Effect.flatMap(
    sent,
    (answer): Effect.Effect<WireResponse, InferenceError> =>
      isStreamed(answer)
        ? watched(hooks, target, answer)
        : answered(hooks, target, answer as WholeBytes)
  )
}
