/** Interactions in the background: submitted, answered by an attempt that is a request of its own, waited for, cancelled. */
import { Effect, Stream, Struct } from "effect"
import type { Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { field, isFields, parse } from "../../events/types/JsonAccess.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { AccessControl } from "../../kernel/access/AccessControl.ts"
import type * as Bytes from "../../kernel/bytes/Bytes.ts"
import { isStreamed } from "../../kernel/bytes/Bytes.ts"
import type { WholeBody } from "../../kernel/bytes/WholeBody.ts"
import { textOf } from "../../kernel/bytes/WholeBody.ts"
import type { Form } from "../../kernel/dialects/interactions/LowerResponse.ts"
import { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { CurrentProviderData } from "../../kernel/provider/ProviderData.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { replayedHeader } from "../../kernel/requests/ReplayedRequest.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import { Work } from "../../kernel/work/Work.ts"
import { WorkFailed } from "../../kernel/work/WorkKind.ts"
import type { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkOutcome, WorkTask } from "../../kernel/work/WorkTask.ts"
import { rejected } from "../inference/VendorRefusal.ts"
import * as Events from "./InteractionEvents.ts"
import type { Asked, CreateFailure } from "./Interactions.ts"
import { InteractionsKind } from "./InteractionsKind.ts"
import type { KeptInteraction } from "./InteractionsModels.ts"
import { isOpen, openHead } from "./InteractionsModels.ts"
import * as InteractionWork from "./InteractionWork.ts"
import type { Answered } from "./KeptAnswer.ts"

type Fields = Schema.JsonObject

/** What an attempt asks: as it was asked, with the input that is kept. */
export interface Attempt {
  readonly kept: KeptInteraction
  readonly request: Fields
  readonly form: Form
}

export interface Options {
  readonly documents: Documents.Documents<KeptInteraction>
  /** Asks the model. What it answers is given to `keep` before it is the attempt's; an error is not. */
  readonly answer: <E>(
    attempt: Attempt,
    keep: (answered: Answered) => Effect.Effect<void, E>
  ) => Effect.Effect<Bytes.Bytes<unknown>, CreateFailure | E>
}

const ended = (status: "cancelled" | "failed", kept: Fields, error?: Fields): Answered => ({
  head: { ...kept, status, ...error === undefined ? {} : { error } },
  steps: []
})

/** What whoever was asked says is wrong. */
const errorIn = (answer: Bytes.Bytes<unknown>): Fields => {
  const error = isStreamed(answer) ? undefined : field(parse(textOf(answer.body as WholeBody)), "error")
  return isFields(error) ? error : { code: "internal_error", message: "No answer was made." }
}

const draftOf = ({ head, steps }: Answered) => Draft.make(Events.Ended, { head, steps })

const unwritten = { VersionConflict: Effect.die, EventIdTaken: Effect.die } as const

const notOpen = (id: string) =>
  new DocumentConflict({
    type: "interaction",
    code: "interaction_ended",
    message: `The interaction ${id} has ended, or is answered while its client waits: there is nothing to cancel.`
  })

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "interaction", field, message })

/** What can't be asked for later. */
const problemIn = ({ store, stream }: Asked["request"], hasKeys: boolean): DocumentInvalid | undefined => {
  if (store === false) {
    return invalid(
      "store",
      "What is answered in the background is kept, for else nobody could get it: leave `store` out."
    )
  }
  if (stream === true) {
    return invalid(
      "stream",
      "Ask for it without `stream`, and read it with GET and `?stream=true`, which waits for it."
    )
  }
  return hasKeys
    ? invalid(
      "background",
      "The keys of x-strata-provider-data are kept nowhere, and it is answered later: use keys of the configuration, or " +
        "leave `background` out."
    )
    : undefined
}

export const make = Effect.fnUntraced(function*({ answer, documents }: Options) {
  const work = yield* Work
  const requests = yield* Requests
  const hub = yield* EventHub
  const access = yield* AccessControl
  const { operations } = yield* ServedApi

  const get = (id: string) => Effect.map(documents.get(id), ({ value }) => value)

  const run = (task: WorkTask<InteractionWork.Input>) =>
    Effect.gen(function*() {
      const { form, interaction, request, session } = task.input
      const operation = operations.find(({ id }) => id === task.input.operation)
      if (operation === undefined) return yield* Effect.die(new Error("the API interactions is not served"))
      const input = RequestInput.make(operation, {
        payload: { ...request, input: "" },
        ...session === null ? {} : { session }
      })
      const kept = yield* get(interaction)
      const finish = (answered: Answered) => Effect.flatMap(draftOf(answered), (draft) => task.finish([draft]))
      let isKept = false
      const attempt = answer({ kept, request, form }, (answered) => {
        isKept = true
        return finish({ ...answered, head: { ...answered.head, id: interaction } })
      }).pipe(Effect.catchTag("ProviderRejected", rejected))
      const answered = yield* requests.run(
        { ...input, headers: { ...input.headers, [InteractionWork.header]: interaction } },
        attempt
      )
      if (!isKept) yield* finish(ended("failed", kept.head, errorIn(answered)))
    }).pipe(
      Effect.catch((error): Effect.Effect<never, WorkFailed | LeaseLost | EventLogUnavailable> =>
        error._tag === "LeaseLost" || error._tag === "EventLogUnavailable"
          ? Effect.fail(error)
          : Effect.fail(new WorkFailed({ type: "server_error", message: error.message, retryable: false }))
      )
    )

  yield* work.register(InteractionWork.InteractionWork, run, (outcome: WorkOutcome) =>
    Effect.gen(function*() {
      const kept = yield* Effect.option(get(outcome.workId))
      const head = kept._tag === "Some" ? kept.value.head : {}
      const answered = outcome.status === "cancelled"
        ? ended("cancelled", head)
        : ended("failed", head, { code: outcome.error.type, message: outcome.error.message })
      return [yield* draftOf(answered)]
    }))
  yield* Effect.forkScoped(work.start)

  /** Nobody needs the answer any more. */
  const abandon = Effect.fnUntraced(function*(id: string) {
    yield* work.cancel({ tenant: yield* CurrentTenant, workId: id, stream: InteractionsKind.streamOf(id) })
  })

  /** As it is once it has ended. */
  const awaited = Effect.fnUntraced(function*(id: string) {
    const kept = yield* get(id)
    if (!isOpen(kept)) return kept
    const types = [Events.Ended.type, Events.Deleted.type]
    const stream = InteractionsKind.streamOf(id)
    yield* hub.follow({ tenant: yield* CurrentTenant, stream, types }).pipe(Stream.take(1), Stream.runDrain)
    return yield* get(id)
  })

  return {
    /** The answer of an attempt, where a verification runs its request again; undefined: it is none. */
    attemptOf: Effect.fnUntraced(function*({ form, request }: Asked) {
      const id = yield* replayedHeader(InteractionWork.header)
      if (id === undefined) return undefined
      return answer({ kept: yield* get(id), request: request as unknown as Fields, form }, () => Effect.void)
    }),
    submit: Effect.fnUntraced(function*(
      { form, operation, request }: Asked,
      input: ReadonlyArray<Fields>
    ): Effect.fn.Return<KeptInteraction, CreateFailure | EventLogUnavailable> {
      const problem = problemIn(request, (yield* CurrentProviderData).size > 0)
      if (problem !== undefined) return yield* problem
      const id = yield* DocumentId.make(InteractionsKind.prefix)
      const owner = yield* CurrentPrincipal
      const absent = () => new DocumentNotFound({ type: "interaction", id })
      yield* access.authorize("create", { type: "interaction", id, owner }, absent)
      const recording = yield* CurrentRecording
      // The session is there before an attempt stands in it.
      if (recording !== undefined) yield* Effect.catchTags(recording.commit, unwritten)
      const kept: KeptInteraction = {
        id,
        previous_interaction_id: request.previous_interaction_id ?? null,
        session: recording?.options.sessionId ?? null,
        input,
        steps: [],
        head: openHead(id, request.model, yield* DocumentTime.seconds)
      }
      yield* work.submit({
        kind: InteractionWork.InteractionWork,
        workId: id,
        stream: InteractionsKind.streamOf(id),
        input: {
          interaction: id,
          request: Struct.omit(request as unknown as Fields, ["input", "background"]) as Fields,
          operation,
          form,
          session: recording?.options.sessionId ?? null
        },
        events: [yield* Documents.draft(Events.Created, { interaction: kept, owner })]
      }).pipe(Effect.catchTags(unwritten))
      return kept
    }),
    awaited,
    cancel: Effect.fnUntraced(function*(id: string) {
      if (!isOpen(yield* get(id))) return yield* notOpen(id)
      // Whether one may is asked as for any change.
      yield* documents.change(id, "update", () => Effect.succeed([]))
      yield* abandon(id)
      return yield* awaited(id)
    }),
    abandon
  }
})
