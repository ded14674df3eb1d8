/** Moderations, sound and pictures: asks who serves the model, and passes its bytes. */
import { Effect, Schema } from "effect"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import * as Calls from "../../kernel/calls/Calls.ts"
import { chat } from "../../kernel/dialects/chat/ChatDialect.ts"
import * as DegradationHeader from "../../kernel/dialects/DegradationHeader.ts"
import type { WireResponse } from "../../kernel/dialects/WireCall.ts"
import type { Honoured } from "../../kernel/hooks/HookDispatch.ts"
import type { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import * as MediaCalls from "../../kernel/media/MediaCall.ts"
import * as MediaStream from "../../kernel/media/MediaStream.ts"
import * as AnswerEnd from "../../kernel/reliability/AnswerEnd.ts"
import * as AnswerStart from "../../kernel/reliability/AnswerStart.ts"
import * as CallFailure from "../../kernel/reliability/CallFailure.ts"
import * as FailureInStream from "../../kernel/reliability/FailureInStream.ts"
import * as Refusal from "../../kernel/reliability/Refusal.ts"
import * as Reliability from "../../kernel/reliability/Reliability.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import type { Inference, InferenceProvider } from "./Inference.ts"
import * as MediaCallRecords from "./MediaCallRecords.ts"
import * as OfferedOperations from "./OfferedOperations.ts"
import * as ProviderWire from "./ProviderWire.ts"
import * as Routed from "./Routed.ts"
import * as ValueHooks from "./ValueHooks.ts"

type ModelRoute = Route<InferenceProvider["Service"]>

/** What an answer says of a failure; bytes of sound say nothing. */
const judgeOf = (provider: string, answer: WireResponse): FailureInStream.JudgeBytes =>
  answer.dialect?.breaks === true
    ? () => undefined
    : FailureInStream.of(
      provider,
      { errors: chat.errors, failureIn: MediaStream.failureIn },
      isStreamed(answer)
    )

const asked = (
  { provider_id, requestCheck, service }: ModelRoute,
  call: MediaCall
): Effect.Effect<WireResponse, ProviderError> =>
  Reliability.run({
    of: service.reliability,
    call: MediaCallRecords.of(provider_id, call),
    run: (made) =>
      Effect.tapError(
        Calls.run(made, Effect.suspend(() => service.sendMedia!(call))),
        (error) => ProviderWire.didNotAnswer(error) ? requestCheck : Effect.void
      ),
    failureOf: (error) => CallFailure.of(error, chat.errors.raise),
    refused: (refusal) => Refusal.rejected(refusal, chat.errors.envelope),
    onEnd: (answer, ended) => {
      const failureIn = judgeOf(provider_id, answer)
      return AnswerEnd.ofBytes(answer, ended, (bytes) => failureIn(bytes) !== undefined)
    },
    onStart: (answer) => AnswerStart.ofBytes(answer, judgeOf(provider_id, answer)),
    headersOf: ({ headers }) => headers
  })

/** Files of a form stay with its fields: they can be withheld, and not rewritten. */
const formHonours: Honoured = ["deny", "ask_user"]

/** The text that it is about, for conditions of models. */
const contentOf = ({ fields }: MediaCall) => fields["input"] ?? fields["prompt"] ?? ""

const userOf = ({ fields }: MediaCall): string | undefined =>
  typeof fields["user"] === "string" ? fields["user"] : undefined

export interface Options {
  readonly hooks: Hooks["Service"]
  readonly routed: Routed.Routed
}

export const make = ({ hooks, routed }: Options): Pick<Inference["Service"], "media"> => {
  const ask = (given: MediaCall) => (route: ModelRoute) =>
    Effect.gen(function*() {
      yield* OfferedOperations.check(route, OfferedOperations.media(given.operation))
      const call = MediaCalls.withModel(given, route.provider_resource_id)
      const isForm = MediaCalls.isForm(call)
      const data: Schema.JsonObject = {
        ...call.fields,
        model: call.model,
        ...call.files.length === 0 ? {} : { files: call.files.map((file) => ({ ...file })) }
      }
      const passed = yield* ValueHooks.passed(hooks, {
        type: call.operation.method.events.Request.base.type,
        subject: "request",
        schema: Schema.JsonObject as Schema.Codec<Schema.JsonObject, unknown>,
        target: { provider: route.provider_id, model: route.identifier },
        ...isForm ? { honours: formHonours } : {}
      }, data)
      return yield* asked(route, isForm || passed === data ? call : MediaCalls.withFields(call, passed))
    })

  return {
    media: (call) =>
      routed(
        Routed.ofValue({ model: call.model, user: userOf(call) }, contentOf(call)),
        ask(call),
        (answer, degradations) => ({ ...answer, headers: DegradationHeader.added(answer.headers, degradations) })
      )
  }
}
