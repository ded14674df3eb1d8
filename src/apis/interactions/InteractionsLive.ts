/** Interactions as the log keeps them. */
import { Effect, Layer, Struct } from "effect"
import type { Schema } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as Steps from "../../kernel/dialects/interactions/Steps.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { Inference } from "../inference/Inference.ts"
import * as BackgroundInteractions from "./BackgroundInteractions.ts"
import * as InteractionAnswer from "./InteractionAnswer.ts"
import * as Events from "./InteractionEvents.ts"
import * as InteractionHistory from "./InteractionHistory.ts"
import type { Asked } from "./Interactions.ts"
import { Interactions } from "./Interactions.ts"
import { InteractionsHandlers } from "./InteractionsHandlers.ts"
import { InteractionsKind } from "./InteractionsKind.ts"
import { isOpen } from "./InteractionsModels.ts"
import * as KeptAnswer from "./KeptAnswer.ts"

type Fields = Schema.JsonObject

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "interaction", field, message })

const check = ({ request }: Asked) =>
  request["agent"] == null
    ? Effect.void
    : Effect.fail(invalid("agent", "There are no agents here: name a `model`."))

const make = Effect.gen(function*() {
  const inference = yield* Inference
  const documents = yield* Documents.of(InteractionsKind)

  const get = (id: string) => Effect.map(documents.get(id), ({ value }) => value)

  const history = InteractionHistory.make(documents)

  const keep = Effect.fnUntraced(function*(
    { id, input, previous }: { readonly id: string; readonly input: ReadonlyArray<Fields>; readonly previous?: string },
    { head, steps }: KeptAnswer.Answered
  ) {
    // What was answered stands in the log before what is kept of it: in a verification, too.
    const recording = yield* CurrentRecording
    if (recording !== undefined) {
      yield* Effect.catchTags(recording.commit, { VersionConflict: Effect.die, EventIdTaken: Effect.die })
    }
    const interaction = {
      id,
      previous_interaction_id: previous ?? null,
      session: recording?.options.sessionId ?? null,
      input,
      steps,
      head: { ...head, id }
    }
    return yield* documents.create(
      id,
      (owner) => Effect.map(Documents.draft(Events.Created, { interaction, owner }), (event) => [event])
    )
  })

  const callOf = ({ form, request, text }: Pick<Asked, "form" | "request" | "text">): WireCall => ({
    dialect: InteractionAnswer.dialectOf(form),
    model: request.model,
    stream: request.stream === true,
    body: request as unknown as Fields,
    text
  })

  /** Asks the model. Who answers keeps nothing: its ids would not be those that the client gets. */
  const ask = (
    asked: Pick<Asked, "form" | "request">,
    input: ReadonlyArray<Fields>,
    history: ReadonlyArray<Fields>
  ) => {
    const body: Fields = {
      ...Struct.omit(asked.request as unknown as Fields, ["previous_interaction_id"]) as Fields,
      ...history.length === 0 ? {} : { input: [...history, ...input] },
      store: false
    }
    const text = JSON.stringify(body)
    return inference.send({ ...callOf({ ...asked, text }), body })
  }

  const background = yield* BackgroundInteractions.make({
    documents,
    answer: Effect.fnUntraced(function*({ form, kept, request }, keep) {
      const previous = kept.previous_interaction_id ?? undefined
      const before = previous === undefined ? [] : yield* history.of(previous)
      const { model } = request as Fields & { readonly model: string }
      const whole = { ...request, model, input: kept.input } as unknown as Asked["request"]
      const answer = yield* ask({ form, request: whole }, kept.input, before)
      const { id } = kept
      return yield* KeptAnswer.of(answer, { dialect: InteractionAnswer.dialectOf(form), model, id, previous, keep })
    })
  })

  return Interactions.of({
    create: Effect.fnUntraced(function*(asked) {
      yield* check(asked)
      const attempt = yield* background.attemptOf(asked)
      if (attempt !== undefined) return yield* attempt
      const { form, request } = asked
      const isBackground = request.background === true
      const isKept = request.store !== false
      const previous = request.previous_interaction_id ?? undefined
      if (!isBackground && !isKept && previous === undefined) return yield* inference.send(callOf(asked))
      const input = Steps.ofInput(request.input)
      const before = previous === undefined ? [] : yield* history.of(previous)
      if (isBackground) {
        const kept = yield* background.submit(asked, input)
        return Bytes.json(200, JSON.stringify(InteractionAnswer.of(kept, form, false)))
      }
      const answer = yield* ask(asked, input, before)
      if (!isKept) return answer
      const id = yield* DocumentId.make(InteractionsKind.prefix)
      return yield* KeptAnswer.of(answer, {
        dialect: InteractionAnswer.dialectOf(form),
        model: request.model,
        id,
        previous,
        keep: (answered) => keep({ id, input, ...previous === undefined ? {} : { previous } }, answered)
      })
    }),
    sessionOf: history.sessionOf,
    get,
    awaited: background.awaited,
    cancel: background.cancel,
    remove: Effect.fnUntraced(function*(id) {
      const kept = yield* get(id)
      yield* documents.change(
        id,
        "delete",
        () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event])
      )
      yield* history.forget
      if (isOpen(kept)) yield* background.abandon(id)
    })
  })
})

const layer = Layer.effect(Interactions, make)

export const live = ApiModule.live({ handlers: InteractionsHandlers, layer })
