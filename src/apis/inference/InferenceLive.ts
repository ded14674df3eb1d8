/** The router of inference: hands a call to who serves its model. */
import { Effect, Layer, Result, Stream } from "effect"
import type { Fiber } from "effect"
import * as EventIds from "../../events/types/EventIds.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import * as Calls from "../../kernel/calls/Calls.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import { replaceModel } from "../../kernel/dialects/chat/ModelName.ts"
import { completions } from "../../kernel/dialects/completions/CompletionsDialect.ts"
import * as CustomTools from "../../kernel/dialects/CustomTools.ts"
import * as DegradationHeader from "../../kernel/dialects/DegradationHeader.ts"
import * as ForeignBlocks from "../../kernel/dialects/ForeignBlocks.ts"
import * as LiveAnswer from "../../kernel/dialects/LiveAnswer.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import * as UnreadableImages from "../../kernel/dialects/UnreadableImages.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { Degradation } from "../../kernel/messages/ChatResponse.ts"
import type { TokenCount } from "../../kernel/messages/TokenCount.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Modules } from "../../kernel/modules/ModuleSet.ts"
import * as AnswerEnd from "../../kernel/reliability/AnswerEnd.ts"
import * as AnswerStart from "../../kernel/reliability/AnswerStart.ts"
import * as CallFailure from "../../kernel/reliability/CallFailure.ts"
import * as FailureInStream from "../../kernel/reliability/FailureInStream.ts"
import { Latencies } from "../../kernel/reliability/Latencies.ts"
import * as Refusal from "../../kernel/reliability/Refusal.ts"
import * as Reliability from "../../kernel/reliability/Reliability.ts"
import { ReplaySources } from "../../kernel/replay/ReplaySources.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import { CurrentIdleInstances } from "../../kernel/stack/IdleInstances.ts"
import type { InferenceInstance } from "../models/ModelRegistry.ts"
import { ModelRegistry } from "../models/ModelRegistry.ts"
import * as ModelsKind from "../models/ModelsKind.ts"
import * as ModelsLive from "../models/ModelsLive.ts"
import * as Completion from "./Completion.ts"
import * as ContinuedAnswer from "./ContinuedAnswer.ts"
import type { InferenceError, InferenceProvider } from "./Inference.ts"
import { Inference } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as InferenceCalls from "./InferenceCalls.ts"
import { InferenceHandlers } from "./InferenceHandlers.ts"
import * as InferenceHooks from "./InferenceHooks.ts"
import * as MediaOperations from "./MediaOperations.ts"
import * as OfferedOperations from "./OfferedOperations.ts"
import * as PreparedRequest from "./PreparedRequest.ts"
import type { ProviderWire } from "./ProviderWire.ts"
import * as ProviderWireOf from "./ProviderWire.ts"
import * as Routed from "./Routed.ts"
import * as SignatureMemory from "./SignatureMemory.ts"
import * as TokenCounts from "./TokenCounts.ts"
import * as ValueOperations from "./ValueOperations.ts"
import * as VendorBatchRouter from "./VendorBatchRouter.ts"

type ModelRoute = Route<InferenceProvider["Service"]>

/** Asks who serves the model, in its dialect; the model is as that one calls it. */
const asked = (
  { provider_id, requestCheck, service }: ModelRoute,
  { dialect, send }: ProviderWire,
  call: WireCall
): Effect.Effect<WireResponse, ProviderError> =>
  Reliability.run({
    of: service.reliability,
    call: InferenceCalls.of(provider_id, call),
    run: (made) =>
      Effect.tapError(
        Calls.run(made, LiveAnswer.of(Effect.suspend(() => send(call)), dialect)),
        (error) => ProviderWireOf.didNotAnswer(error) ? requestCheck : Effect.void
      ),
    failureOf: (error) => CallFailure.of(error, dialect.errors.raise),
    refused: (refusal) => Refusal.rejected(refusal, dialect.errors.envelope),
    onEnd: (answer, ended) => {
      const failureIn = FailureInStream.of(provider_id, dialect, true)
      return AnswerEnd.ofBytes(answer, ended, (bytes) => failureIn(bytes) !== undefined)
    },
    onStart: (answer) => AnswerStart.ofBytes(answer, FailureInStream.of(provider_id, dialect, isStreamed(answer))),
    headersOf: ({ headers }) => headers
  })

const noNames: ReadonlySet<string> = new Set()

const isContinued = ({ continuations = 0 }: ProviderWire, { body, dialect }: WireCall): boolean =>
  continuations > 0 && dialect.asksForSeveral?.(body) !== true

/** One `raise` and one `lower` stand between, each way; undefined: nothing was to be changed, and the bytes may pass. */
const translated = Effect.fnUntraced(function*(
  route: ModelRoute,
  wire: ProviderWire,
  call: WireCall,
  signatures: SignatureMemory.SignatureMemory
) {
  const { body, dialect: client, model, stream } = call
  const continues = isContinued(wire, call)
  const isSame = client.name === wire.dialect.name
  const raised = yield* Effect.fromResult(client.raise.request(body))
  const given = isSame ? raised : client.raise.forOthers?.(raised) ?? raised
  const custom = isSame && !ProviderWireOf.isOverMessages(wire) ? noNames : CustomTools.namesOf(given)
  const prepared = PreparedRequest.prepare(given)
  if (isSame && custom.size === 0 && prepared.repairs.length === 0 && !continues) return undefined
  yield* OthersFirst.ofMessages(prepared.request.messages.length)
  const request = yield* signatures.restore(wire.dialect, prepared.request)
  const lowered = yield* Effect.mapError(
    Effect.fromResult(Translation.lowerCall(wire.dialect, request, { client, model, stream })),
    (error) => {
      const placed = UnreadableImages.placed(ForeignBlocks.placed(error, request, body), request, body)
      return CustomTools.placed(placed, body["tools"])
    }
  )
  const degradations = [...PreparedRequest.unsaid(prepared.request, client, wire.dialect), ...lowered.degradations]
  yield* OthersFirst.ofMessages(request.messages.length)
  const recording = yield* CurrentRecording
  recording?.parsed.remember(lowered.call.text, lowered.call.body)
  const requestId = recording?.options.requestId
  yield* PreparedRequest.record({ provider: route.provider_id, model, repairs: prepared.repairs, degradations })
  const passage = {
    client,
    vendor: CustomTools.reading(wire.dialect, custom),
    provider: route.provider_id,
    model: route.identifier,
    stream,
    options: client.streamOptions?.(body) ?? {},
    degradations,
    ...requestId === undefined ? {} : { id: requestId, created: EventIds.secondsOf(requestId) },
    learn: wire.dialect.signsCalls === true ? yield* signatures.learner : undefined
  }
  // What its client says in headers is for a vendor of the same dialect.
  const written = (lowered: WireCall): WireCall => isSame ? { ...call, ...lowered } : lowered
  const first = isSame && custom.size === 0 && prepared.repairs.length === 0 ? call : written(lowered.call)
  if (isSame && custom.size === 0 && !continues) return yield* asked(route, wire, first)
  const further = (request: ChatRequest) =>
    Effect.flatMap(
      Effect.fromResult(Translation.lowerCall(wire.dialect, request, { client, model, stream })),
      ({ call }) => asked(route, wire, written(call))
    )
  const { continuations: max = 0 } = wire
  const answer = yield* Effect.mapError(
    asked(route, wire, first),
    (error) => error._tag === "ProviderRejected" && !isSame ? Translation.rejectedFor(passage, error) : error
  )
  return yield* continues
    ? ContinuedAnswer.of({ passage, model, request, max, ask: further }, answer)
    : Translation.answerFor(answer, passage)
})

/** In a verification an instance that only answers at the call does not run: its wire is the one that was recorded. */
const wireOf = (fiber: Fiber.Fiber<unknown, unknown>, { provider_id, service }: ModelRoute, { dialect }: WireCall) => {
  const recorded = Calls.upcoming(fiber)
  return recorded === undefined || !fiber.getRef(CurrentIdleInstances).has(`${InferenceApi.name}/${provider_id}`)
    ? ProviderWireOf.of(service, provider_id, dialect)
    : {
      dialect: InferenceCalls.dialectOf(recorded.method, dialect),
      send: () => Effect.die("it is answered at the call")
    }
}

const answered = (
  route: ModelRoute,
  call: WireCall,
  signatures: SignatureMemory.SignatureMemory
): Effect.Effect<WireResponse, InferenceError> =>
  Effect.withFiber((fiber): Effect.Effect<WireResponse, InferenceError> => {
    const refused = OfferedOperations.refusal(fiber, route, OfferedOperations.conversations)
    if (refused !== undefined) return Effect.fail(refused)
    const wire = wireOf(fiber, route, call)
    const passes = wire.dialect.name === call.dialect.name && !ProviderWireOf.isOverMessages(wire)
    if (passes && route.service.repairs !== true && !isContinued(wire, call)) return asked(route, wire, call)
    return Effect.flatMap(
      translated(route, wire, call, signatures),
      (answer) => answer === undefined ? asked(route, wire, call) : Effect.succeed(answer)
    )
  })

/** The call with its model as who serves it calls it. */
const callFor = ({ provider_resource_id: model }: ModelRoute, given: WireCall): WireCall =>
  given.dialect === canonical
    ? Completion.withModel(given, model)
    : { ...given, model, text: replaceModel(given.text, model) }

const degraded = (answer: WireResponse, degradations: ReadonlyArray<Degradation>): WireResponse => ({
  ...answer,
  headers: DegradationHeader.added(answer.headers, degradations)
})

const targetOf = ({ identifier, provider_id }: ModelRoute) => ({ provider: provider_id, model: identifier })

export const layer = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.effect(
    Inference,
    Effect.gen(function*() {
      const models = yield* ResourceLookup.make(ModelsLive.options(instances, yield* ModelRegistry))
      const hooks = yield* Hooks
      const hooked = InferenceHooks.make(hooks)
      const { dialects } = yield* Modules
      const signatures = SignatureMemory.make({ sources: yield* ReplaySources, dialects })

      const ask = (route: ModelRoute, given: WireCall): Effect.Effect<WireResponse, InferenceError> => {
        const call = callFor(route, given)
        return hooks.registered.size === 0
          ? answered(route, call, signatures)
          : hooked(targetOf(route), call, (call) => answered(route, call, signatures))
      }
      /** Its bytes pass: nothing stands between client and vendor. */
      const complete = (route: ModelRoute, given: WireCall): Effect.Effect<WireResponse, InferenceError> => {
        const wire: ProviderWire = { dialect: completions, send: (call) => route.service.completeText!(call) }
        const answered = (call: WireCall): Effect.Effect<WireResponse, InferenceError> => asked(route, wire, call)
        return Effect.andThen(
          OfferedOperations.check(route, OfferedOperations.textCompletions),
          hooked(targetOf(route), callFor(route, given), answered)
        )
      }
      const count = (route: ModelRoute, given: WireCall): Effect.Effect<TokenCount, InferenceError> => {
        const { requestCheck } = route
        const call = callFor(route, given)
        const asked = hooks.wants(InferenceHooks.request)
          ? InferenceHooks.asked(hooks, targetOf(route), call)
          : Effect.succeed(call)
        return Effect.tapError(
          Effect.flatMap(asked, (call) => TokenCounts.count(route, call)),
          (error) => ProviderWireOf.didNotAnswer(error) ? requestCheck : Effect.void
        )
      }
      const latencies = new Latencies()
      const routed = Routed.make({ route: models.route, get: models.get, latencies })
      const answeredBy = (
        call: WireCall,
        ask: (route: ModelRoute) => Effect.Effect<WireResponse, InferenceError>
      ): Effect.Effect<WireResponse, InferenceError> => routed(Routed.ofCall(call), ask, degraded)
      const send = (call: WireCall) => answeredBy(call, (route) => ask(route, call))

      /** Of a model that stands for others it is not known. */
      const speaks: Inference["Service"]["speaks"] = (model, dialect) =>
        Effect.matchEffect(models.route(model), {
          onFailure: (error) => error._tag === "ProviderUnavailable" ? Effect.succeed(false) : Effect.fail(error),
          onSuccess: (route) =>
            Effect.withFiber((fiber) => {
              const { service } = route
              if (ModelsKind.routingOf(route) !== undefined || !ProviderWireOf.hasConversations(service)) {
                return Effect.succeed(false)
              }
              const call = { dialect, model, stream: false, body: {}, text: "" }
              return Effect.succeed(wireOf(fiber, route, call).dialect.name === dialect.name)
            })
        })

      return Inference.of({
        send,
        speaks,
        ...ValueOperations.make({ hooks, routed }),
        ...MediaOperations.make({ hooks, routed }),
        completeText: (call) => answeredBy(call, (route) => complete(route, call)),
        countTokens: (call) => routed(Routed.ofCall(call), (route) => count(route, call)),
        complete: (request) =>
          Result.match(Completion.callOf(request, false), {
            onFailure: Effect.fail,
            onSuccess: (call) => Completion.whole(call.model, send(call))
          }),
        completeStream: (request) =>
          Result.match(Completion.callOf(request, true), {
            onFailure: Stream.fail,
            onSuccess: (call) => Completion.parts(call.model, send(call))
          }),
        completeParts: (request, take) =>
          Result.match(Completion.callOf(request, true), {
            onFailure: Effect.fail,
            onSuccess: (call) => Completion.forEachPart(call.model, send(call), take)
          })
      })
    })
  )

/** With the batches of vendors. */
const withBatches = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.merge(layer(instances), VendorBatchRouter.layer(instances))

export const live = ApiModule.liveOf(InferenceApi, { handlers: InferenceHandlers, layer: withBatches })
