/** Responses in the background: submitted, made by an attempt that is a request of its own, cancelled. */
import { Deferred, Effect, Struct } from "effect"
import type { Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { isFields, objectsIn } from "../../events/types/JsonAccess.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import { DocumentConflict } from "../../kernel/documents/DocumentErrors.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { CurrentProviderData } from "../../kernel/provider/ProviderData.ts"
import * as OthersFirst from "../../kernel/requests/OthersFirst.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { replayedHeader } from "../../kernel/requests/ReplayedRequest.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import { Work } from "../../kernel/work/Work.ts"
import { WorkFailed } from "../../kernel/work/WorkKind.ts"
import type { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkOutcome, WorkTask } from "../../kernel/work/WorkTask.ts"
import * as FileSearch from "./FileSearch.ts"
import type { Prompted } from "./ResponseContext.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import * as ResponseFailures from "./ResponseFailures.ts"
import type { Item } from "./ResponseItems.ts"
import { ResponseKind } from "./ResponseKind.ts"
import * as ResponseObject from "./ResponseObject.ts"
import type { Plan } from "./ResponsePlan.ts"
import * as ResponsePlan from "./ResponsePlan.ts"
import * as ResponseReading from "./ResponseReading.ts"
import * as ResponseRun from "./ResponseRun.ts"
import type { Content, ResponseStore } from "./ResponseStore.ts"
import * as Store from "./ResponseStore.ts"
import * as ResponseTools from "./ResponseTools.ts"
import * as ResponseWork from "./ResponseWork.ts"
import * as WebSearch from "./WebSearch.ts"

type Body = Schema.JsonObject
type Owner = typeof ResponseEvents.Created.payload.Encoded["owner"]

interface Options {
  readonly services: ResponseRun.Served
  readonly store: ResponseStore
  readonly createdOf: (plan: Plan, end: null) => (owner: Owner) => Effect.Effect<ReadonlyArray<EventDraft>>
  /** What goes before. */
  readonly beforeOf: (
    previous: string | null,
    conversation: string | null
  ) => Effect.Effect<Store.Chain, ResponseError>
  /** Which calls wait for an approval. */
  readonly callsOf: (before: Store.Chain, input: ReadonlyArray<Item>) => Effect.Effect<Plan["calls"], ResponseError>
  readonly added: (plan: Plan, end: ResponseEnd) => Effect.Effect<void, ResponseError>
  readonly prompted: (body: Body) => Effect.Effect<Prompted, ResponseError>
}

const cancelled: ResponseEnd = {
  status: "cancelled",
  output: [],
  usage: null,
  error: null,
  incomplete_details: null,
  completed_at: null
}

const unwritten = { VersionConflict: Effect.die, EventIdTaken: Effect.die } as const

const failedBy = (error: Schema.JsonObject): ResponseEnd => ({ ...cancelled, status: "failed", error })

/** What can't be made has failed, and says why as to who waits for it. */
const failedAttempt = (
  error: ResponseError
): Effect.Effect<{ readonly end: ResponseEnd; readonly answer: Bytes.Bytes }, EventLogUnavailable> =>
  error._tag === "EventLogUnavailable" ? Effect.fail(error) : Effect.map(ResponseFailures.toBytes(error), (answer) => ({
    answer,
    end: failedBy(ResponseFailures.errorOf(error))
  }))

/** Keys that a client brings with a request are kept nowhere, and are not there when the work is done. */
const keysIn = Effect.fnUntraced(function*(body: Body) {
  if ((yield* CurrentProviderData).size > 0) {
    return invalid(
      "background",
      "background: the keys of x-strata-provider-data are kept nowhere, and the work is done later: use keys of the " +
        "configuration, or leave background out.",
      "background_with_keys"
    )
  }
  const at = objectsIn(body["tools"]).findIndex(({ authorization, headers }) =>
    authorization != null || (isFields(headers) && Object.keys(headers).length > 0)
  )
  return at === -1 ? undefined : invalid(
    `tools[${at}]`,
    `tools[${at}]: authorization and headers of an MCP server are kept nowhere, and the work is done later: leave them ` +
      "out, or leave background out.",
    "background_with_keys"
  )
})

export const make = Effect.fnUntraced(function*(
  { added, beforeOf, callsOf, createdOf, prompted, services, store }: Options
) {
  const work = yield* Work
  const requests = yield* Requests
  const { operations } = yield* ServedApi

  /** As it was planned when it was submitted. */
  const planOf = Effect.fnUntraced(function*({ created }: Content, request: Body) {
    const here = yield* FileSearch.storesHere(services.stores, request["tools"])
    const servers = yield* Effect.fromResult(ResponseTools.serversOf(request["tools"], true, here))
    const web = yield* WebSearch.planOf(services, request)
    const before = yield* beforeOf(created.previous, created.conversation)
    // Its instructions stand in the request by now.
    const { items } = yield* prompted(request)
    const input = created.input as ReadonlyArray<Item>
    const calls = yield* callsOf(before, input)
    yield* OthersFirst.ofMessages(input.length)
    return yield* ResponsePlan.make(request, {
      id: created.response,
      created_at: created.created_at,
      before,
      calls,
      conversation: created.conversation,
      servers,
      here,
      web,
      input,
      prompt: items
    })
  })

  /** Makes the response within the request of an attempt. */
  const made = Effect.fnUntraced(function*(id: string, request: Body, emit: ResponseRun.Emit) {
    const recording = yield* CurrentRecording
    if (recording === undefined) return yield* Effect.die(new Error("an attempt is a request"))
    const content = yield* store.content(id)
    const plan = yield* planOf(content, request)
    yield* OthersFirst.ofMessages(plan.messages.length)
    const made = yield* ResponseRun.run(services, plan, recording, emit)
    const end = yield* ResponseFailures.unlessConflict(made.end, added(plan, made.end))
    return { end, answer: Bytes.json(200, JSON.stringify(ResponseObject.make(plan, end))) }
  }, (attempt) => Effect.catch(attempt, failedAttempt))

  const run = (task: WorkTask<ResponseWork.Input>) =>
    Effect.gen(function*() {
      const { request, response, session } = task.input
      const operation = operations.find(({ id }) => id === "createResponse")
      if (operation === undefined) return yield* Effect.die(new Error("the API responses is not served"))
      const input = RequestInput.make(operation, {
        payload: { ...request, input: "" },
        ...session === null ? {} : { session }
      })
      const lost = yield* Deferred.make<never, LeaseLost | EventLogUnavailable>()
      const { emit, rest } = yield* ResponseWork.slices(task, response, (error) =>
        Effect.asVoid(Deferred.fail(lost, error)))
      const attempt = made(response, request, emit).pipe(
        Effect.raceFirst(Deferred.await(lost)),
        Effect.flatMap((result) =>
          Effect.gen(function*() {
            const events = yield* rest
            const streamed = events.length === 0 ? [] : [
              yield* Draft.make(ResponseEvents.Streamed, { response, attempt: task.attempt, events })
            ]
            const ended = yield* Draft.make(ResponseEvents.Ended, { response, end: result.end })
            yield* task.finish([...streamed, ended])
            return result.answer
          })
        )
      )
      yield* requests.run({ ...input, headers: { ...input.headers, [ResponseWork.header]: response } }, attempt)
    }).pipe(
      Effect.scoped,
      Effect.catch((error): Effect.Effect<never, WorkFailed | LeaseLost | EventLogUnavailable> =>
        error._tag === "LeaseLost" || error._tag === "EventLogUnavailable"
          ? Effect.fail(error)
          : Effect.fail(new WorkFailed({ type: "server_error", message: error.message, retryable: false }))
      )
    )

  yield* work.register(ResponseWork.ResponseWork, run, (outcome: WorkOutcome) =>
    Effect.map(
      Draft.make(ResponseEvents.Ended, {
        response: outcome.workId,
        end: outcome.status === "cancelled" ? cancelled : failedBy({
          code: outcome.error.type,
          message: outcome.error.message
        })
      }),
      (draft) => [draft]
    ))
  yield* Effect.forkScoped(work.start)

  /** Nobody needs it any more. */
  const abandon = Effect.fnUntraced(function*(id: string) {
    yield* work.cancel({ tenant: yield* CurrentTenant, workId: id, stream: ResponseKind.streamOf(id) })
  })

  const again = Effect.fnUntraced(function*(id: string, body: Body) {
    const { answer, end } = yield* made(id, body, () => Effect.void)
    // What goes on from it in a session from elsewhere finds it here alone.
    const ended = yield* Draft.make(ResponseEvents.Ended, { response: id, end })
    yield* Effect.catchTags(services.hub.append(ResponseKind.streamOf(id), "any", [ended]), unwritten)
    return answer
  })

  return {
    abandon,
    /** The answer of an attempt, where a verification runs its request again; undefined: it is none. */
    attemptOf: (body: Body) =>
      Effect.map(replayedHeader(ResponseWork.header), (id) => id === undefined ? undefined : again(id, body)),
    submit: Effect.fnUntraced(function*(body: Body, plan: Plan): Effect.fn.Return<Bytes.Bytes, ResponseError> {
      const keys = yield* keysIn(body)
      if (keys !== undefined) return yield* keys
      const recording = yield* CurrentRecording
      // The session is there before an attempt stands in it.
      if (recording !== undefined) yield* Effect.catchTags(recording.commit, unwritten)
      yield* work.submit({
        kind: ResponseWork.ResponseWork,
        workId: plan.id,
        stream: ResponseKind.streamOf(plan.id),
        input: {
          response: plan.id,
          request: Struct.omit(body, ["input"]),
          session: recording?.options.sessionId ?? null
        },
        events: yield* createdOf(plan, null)(yield* CurrentPrincipal)
      }).pipe(Effect.catchTags(unwritten))
      if (body["stream"] === true) return yield* ResponseReading.make({ hub: services.hub, store }).stream(plan.id, {})
      return Bytes.json(200, JSON.stringify(ResponseObject.make(plan, undefined, "queued")))
    }),
    cancel: Effect.fnUntraced(function*(id: string): Effect.fn.Return<Body, ResponseError> {
      const { created, end } = yield* store.content(id)
      if (created.request["background"] !== true) {
        return yield* new DocumentConflict({
          type: "response",
          code: "response_not_in_background",
          message: `The response ${id} is not made in the background: who waits for it cancels it by leaving.`
        })
      }
      // Whether one may is asked as for any change.
      yield* store.documents.change(id, "update", () => Effect.succeed([]))
      if (end === undefined) yield* abandon(id)
      return Store.objectOf(yield* awaitEnd(store, id))
    })
  }
})

/** Who makes it stops soon, and says so in the log. */
const awaitEnd = (store: ResponseStore, id: string): Effect.Effect<Content, ResponseError> =>
  Effect.gen(function*() {
    for (let attempt = 0; attempt < 50; attempt++) {
      const content = yield* store.content(id)
      if (content.end !== undefined) return content
      yield* Effect.sleep("100 millis")
    }
    return yield* store.content(id)
  })
