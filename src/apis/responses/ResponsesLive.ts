/** Responses over the log: passed, made on the turn loop, kept, gone on from. */
import { Effect, Layer, Option } from "effect"
import type { Schema } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { textOrNull } from "../../events/types/JsonAccess.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import { anthropic } from "../../kernel/dialects/anthropic/AnthropicDialect.ts"
import * as DegradationHeader from "../../kernel/dialects/DegradationHeader.ts"
import { responses as dialect } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { Recording } from "../../kernel/requests/Recording.ts"
import { MostToolServers } from "../../kernel/tools/MostToolServers.ts"
import { Inference } from "../inference/Inference.ts"
import { ToolGroups } from "../tool-groups/ToolGroups.ts"
import { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { VectorStores } from "../vector-stores/VectorStores.ts"
import * as AskedOfStrata from "./AskedOfStrata.ts"
import * as BackgroundResponses from "./BackgroundResponses.ts"
import * as FileSearch from "./FileSearch.ts"
import * as GivenParts from "./GivenParts.ts"
import * as InputFiles from "./InputFiles.ts"
import * as ItemIds from "./ItemIds.ts"
import * as PassedEvent from "./PassedEvent.ts"
import * as PassedResponse from "./PassedResponse.ts"
import * as ResponseCompaction from "./ResponseCompaction.ts"
import * as ResponseContext from "./ResponseContext.ts"
import { ResponseFailed } from "./ResponseErrors.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import * as ResponseFrames from "./ResponseFrames.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"
import { isOpen } from "./ResponseKind.ts"
import * as ResponseObject from "./ResponseObject.ts"
import type { Plan } from "./ResponsePlan.ts"
import * as ResponsePlan from "./ResponsePlan.ts"
import * as ResponseReading from "./ResponseReading.ts"
import * as ResponseRun from "./ResponseRun.ts"
import { Responses } from "./Responses.ts"
import { ResponsesHandlers } from "./ResponsesHandlers.ts"
import * as ResponseStore from "./ResponseStore.ts"
import * as ResponseTools from "./ResponseTools.ts"
import type * as TranslatedForms from "./TranslatedForms.ts"
import * as WebSearch from "./WebSearch.ts"

type Body = Schema.JsonObject

const served = Effect.gen(function*() {
  return {
    inference: Option.getOrUndefined(yield* Effect.serviceOption(Inference)),
    tools: Option.getOrUndefined(yield* Effect.serviceOption(ToolRuntime)),
    stores: Option.getOrUndefined(yield* Effect.serviceOption(VectorStores)),
    groups: Option.getOrUndefined(yield* Effect.serviceOption(ToolGroups)),
    tables: yield* ProjectionTables,
    hub: yield* EventHub,
    hooks: yield* Hooks
  } satisfies ResponseRun.Served
})

/** In the text of a request that names a file by its address, or may. */
const fileUrl = "file_url"

const make = Effect.gen(function*() {
  const services = yield* served
  const { inference } = services
  const access = yield* AccessControl
  const mostServers = yield* MostToolServers
  const store = yield* ResponseStore.make
  const { documents } = store

  const recordingOf = Effect.flatMap(
    CurrentRecording,
    (recording) =>
      recording === undefined ? Effect.die(new Error("a response is made within a request")) : Effect.succeed(recording)
  )

  /** What authenticates at servers of tools is masked in all that is recorded of the request, and said of it. */
  const learnSecrets = ({ tools }: Body) =>
    Effect.map(CurrentRecording, (recording) => {
      const secrets = ResponseTools.secretsIn(tools)
      if (secrets !== undefined) recording?.redactor.learn(secrets)
    })

  const withInference = inference === undefined
    ? Effect.fail(
      new ResponseFailed({
        code: "not_served",
        message: "The API inference is not served here: add it to `apis` of the configuration."
      })
    )
    : Effect.succeed(inference)

  const notFound = (id: string) => () => new DocumentNotFound({ type: "response", id })

  const mayCreate = (id: string) =>
    Effect.flatMap(
      CurrentPrincipal,
      (owner) => access.authorize("create", { type: "response", id, owner }, notFound(id))
    )

  const { added, beforeOf, callsOf, prompted, resolved, sessionOf, skilled } = yield* ResponseContext.make(
    store
  )

  const planOf = Effect.fnUntraced(function*(
    { body, items }: ResponseContext.Prompted,
    isVendors: boolean,
    here: FileSearch.StoresHere,
    vendor: TranslatedForms.Vendor
  ) {
    const recording = yield* recordingOf
    const tooMany = ResponseTools.tooMany(body["tools"], mostServers)
    if (tooMany !== undefined) return yield* tooMany
    const servers = yield* Effect.fromResult(ResponseTools.serversOf(body["tools"], isVendors, here))
    yield* ResponseTools.checkConnectors(services.groups, servers)
    const web = yield* WebSearch.planOf(services, body)
    const id = yield* DocumentId.make("resp_")
    if (body["store"] !== false) yield* mayCreate(id)
    const conversation = ResponseContext.conversationOf(body)
    const before = yield* beforeOf(textOrNull(body["previous_response_id"]), conversation)
    const input = yield* resolved(ResponseItems.given(body["input"]), before)
    const taken = conversation === null ? undefined : ResponseContext.takenId(input, before)
    if (taken !== undefined) return yield* taken
    const created_at = EventIds.secondsOf(recording.options.requestId)
    const calls = yield* callsOf(before, input)
    yield* OthersFirst.ofMessages(input.length)
    return yield* ResponsePlan.make(body, {
      id,
      created_at,
      isTranslated: !isVendors,
      vendor,
      before,
      calls,
      conversation,
      servers,
      here,
      web,
      input,
      prompt: items
    })
  })

  const sessionHere = Effect.map(CurrentRecording, (recording) => recording?.options.sessionId ?? null)

  const createdOf =
    (plan: Plan, end: ResponseEnd | null) => (owner: typeof ResponseEvents.Created.payload.Encoded["owner"]) =>
      Effect.map(
        Effect.flatMap(sessionHere, (session) =>
          Documents.draft(ResponseEvents.Created, {
            owner,
            request: plan.request,
            previous: plan.previous,
            conversation: plan.conversation,
            session,
            input: ItemIds.withoutOwnIds(plan.input, plan.id),
            ...GivenParts.named(plan.input),
            end,
            ...PassedEvent.named(plan.id, plan.created_at)
          })),
        (draft) => [draft]
      )

  const keep = Effect.fnUntraced(function*(plan: Plan, end: ResponseEnd) {
    if (!plan.isStored) return
    yield* documents.createWithRequest(plan.id, createdOf(plan, end))
    if (end.status !== "failed") {
      yield* store.remember(
        plan.id,
        ResponseStore.goOn(plan.before, [...plan.input, ...end.output as ReadonlyArray<Item>])
      )
    }
  })

  /** Kept under the name its vendor gave it. */
  const keepPassed = (body: Body) => (response: Body) =>
    Effect.flatMap(sessionHere, (session) => {
      const id = textOrNull(response["id"])
      if (id === null) return Effect.void
      const notKept = ({ message }: { readonly message: string }) =>
        Effect.logWarning(`The response ${id} is not kept: ${message}`)
      const created = (owner: typeof ResponseEvents.Created.payload.Encoded["owner"]) =>
        Effect.map(
          Documents.draft(ResponseEvents.Created, PassedEvent.of(body, id, response, { owner, session })),
          (draft) => [draft]
        )
      return Effect.catch(documents.createWithRequest(id, created, notKept), notKept)
    })

  const pass = Effect.fnUntraced(function*(body: Body, text: string) {
    const { send } = yield* withInference
    const call: WireCall = {
      dialect,
      model: textOrNull(body["model"]) ?? "",
      stream: body["stream"] === true,
      body,
      text
    }
    const isStored = body["store"] !== false
    if (isStored) yield* mayCreate("new")
    const answer = yield* send(call)
    return isStored ? yield* PassedResponse.of(answer, keepPassed(body), yield* recordingOf) : answer
  })

  const background = yield* BackgroundResponses.make({
    services,
    store,
    createdOf,
    beforeOf,
    callsOf,
    added,
    prompted
  })

  const streamed = Effect.fnUntraced(function*(plan: Plan, recording: Recording, emit: ResponseRun.Emit) {
    const made = yield* ResponseRun.run(services, plan, recording, emit, (end) => keep(plan, end))
    if (made.failure !== undefined && made.isSilent) return yield* made.failure
    const end = yield* ResponseFailures.unlessConflict(made.end, added(plan, made.end))
    yield* keep(plan, end)
    yield* made.finish(end)
  })

  const create: Responses["Service"]["create"] = Effect.fnUntraced(function*(body, text) {
    yield* learnSecrets(body)
    const problem = ResponsePlan.problem(body)
    if (problem !== undefined) return yield* problem
    const attempt = yield* background.attemptOf(body)
    if (attempt !== undefined) return yield* attempt
    const { speaks } = yield* withInference
    const isVendors = yield* speaks(textOrNull(body["model"]) ?? "", dialect)
    const here = yield* FileSearch.storesHere(services.stores, body["tools"])
    const asked = yield* InputFiles.resolved(body)
    if (isVendors && !AskedOfStrata.any(asked, here)) {
      return yield* pass(asked, asked === body ? text : JSON.stringify(asked))
    }
    const given = yield* prompted(asked)
    const whole = { ...given, body: isVendors ? given.body : yield* skilled(given.body, here) }
    const takesFileUrls = !isVendors && text.includes(fileUrl) &&
      (yield* speaks(textOrNull(body["model"]) ?? "", anthropic))
    const plan = yield* planOf(whole, isVendors, here, { takesFileUrls })
    if (body["background"] === true) return yield* background.submit(whole.body, plan)
    const recording = yield* recordingOf
    if (body["stream"] === true) {
      return yield* ResponseFrames.of((emit) => streamed(plan, recording, emit), ResponseFailures.envelopeErrorOf)
    }
    const { degradations, end, failure } = yield* ResponseRun.run(services, plan, recording, undefined)
    if (failure !== undefined) return yield* failure
    yield* OthersFirst.ofMessages(plan.input.length)
    yield* added(plan, end)
    yield* keep(plan, end)
    const response = ResponseObject.make(plan, end)
    const written = JSON.stringify(response)
    recording.parsed.remember(written, response)
    return Bytes.json(200, written, DegradationHeader.of(degradations))
  })

  /** A request with all of its conversation in it, for who only looks at it. */
  const wholeOf = Effect.fnUntraced(function*(body: Body) {
    yield* learnSecrets(body)
    const problem = ResponsePlan.problem(body)
    if (problem !== undefined) return yield* problem
    const { speaks } = yield* withInference
    const model = textOrNull(body["model"]) ?? ""
    const vendor = (yield* speaks(model, dialect)) ? undefined : { takesFileUrls: yield* speaks(model, anthropic) }
    const asked = yield* InputFiles.resolved(body)
    const form = ResponsePlan.formProblem(asked, vendor)
    if (form !== undefined) return yield* form
    return yield* ResponseCompaction.wholeOf(asked, beforeOf, resolved)
  })

  return Responses.of({
    create,
    sessionOf,
    ...ResponseReading.make({ store, hub: services.hub }),
    cancel: background.cancel,
    remove: Effect.fnUntraced(function*(id) {
      const { value } = yield* documents.get(id)
      yield* documents.change(
        id,
        "delete",
        () => Effect.map(Documents.draft(ResponseEvents.Deleted, { response: id }), (draft) => [draft])
      )
      yield* store.forget
      if (isOpen(value)) yield* background.abandon(id)
    }),
    inputTokens: Effect.fnUntraced(function*(body) {
      const { countTokens } = yield* withInference
      const whole = yield* wholeOf(body)
      const count = yield* countTokens({
        dialect,
        model: textOrNull(body["model"]) ?? "",
        stream: false,
        body: whole,
        text: JSON.stringify(whole)
      })
      return count.input_tokens
    }),
    compact: Effect.fnUntraced(function*(body) {
      const recording = yield* recordingOf
      const whole = yield* wholeOf(body)
      const id = yield* DocumentId.make("resp_")
      const created_at = EventIds.secondsOf(recording.options.requestId)
      return yield* ResponseCompaction.compact(yield* withInference, whole, { id, created_at })
    })
  })
})

export const layer = Layer.effect(Responses, make)

export const live = ApiModule.live({ handlers: ResponsesHandlers, layer })
