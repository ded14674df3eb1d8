/** Interactions as the log keeps them. */
import { Effect, Layer, Struct } from "effect"
import type { Schema } from "effect"
import * as Steps from "../../kernel/dialects/interactions/Steps.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import { DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { Inference } from "../inference/Inference.ts"
import * as Events from "./InteractionEvents.ts"
import type { Asked } from "./Interactions.ts"
import { Interactions } from "./Interactions.ts"
import { InteractionsHandlers } from "./InteractionsHandlers.ts"
import { InteractionsKind } from "./InteractionsKind.ts"
import * as KeptAnswer from "./KeptAnswer.ts"

type Fields = Schema.JsonObject

/** So many interactions may stand behind one another. */
const longestChain = 10_000

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "interaction", field, message })

const check = ({ request }: Asked) => {
  if (request.background === true) {
    return Effect.fail(
      invalid("background", "Interactions are not answered in the background. Leave `background` out, or stream them.")
    )
  }
  return request["agent"] == null
    ? Effect.void
    : Effect.fail(invalid("agent", "There are no agents here: name a `model`."))
}

const make = Effect.gen(function*() {
  const inference = yield* Inference
  const documents = yield* Documents.of(InteractionsKind)

  const get = (id: string) => Effect.map(documents.get(id), ({ value }) => value)

  /** The conversation that an interaction ends, oldest first. */
  const historyOf = Effect.fnUntraced(function*(last: string) {
    const turns: Array<ReadonlyArray<Fields>> = []
    let id: string | null = last
    while (id !== null && turns.length < longestChain) {
      const of: string = id
      const { input, previous_interaction_id, steps } = yield* Effect.catchTag(
        get(of),
        "DocumentNotFound",
        (error) => Effect.fail(of === last ? error : new DocumentNotFound({ type: "interaction", id: of }))
      )
      turns.push([...input, ...steps])
      id = previous_interaction_id
    }
    return turns.toReversed().flat()
  })

  const keep = Effect.fnUntraced(function*(
    { id, input, previous }: { readonly id: string; readonly input: ReadonlyArray<Fields>; readonly previous?: string },
    { head, steps }: KeptAnswer.Answered
  ) {
    // What was answered stands in the log before what is kept of it: in a verification, too.
    const recording = yield* CurrentRecording
    if (recording !== undefined) {
      yield* Effect.catchTags(recording.commit, { VersionConflict: Effect.die, EventIdTaken: Effect.die })
    }
    const interaction = { id, previous_interaction_id: previous ?? null, input, steps, head: { ...head, id } }
    return yield* documents.create(
      id,
      (owner) => Effect.map(Documents.draft(Events.Created, { interaction, owner }), (event) => [event])
    )
  })

  const callOf = ({ dialect, request, text }: Asked): WireCall => ({
    dialect,
    model: request.model,
    stream: request.stream === true,
    body: request as unknown as Fields,
    text
  })

  return Interactions.of({
    create: Effect.fnUntraced(function*(asked) {
      yield* check(asked)
      const { dialect, request } = asked
      const isKept = request.store !== false
      const previous = request.previous_interaction_id ?? undefined
      if (!isKept && previous === undefined) return yield* inference.send(callOf(asked))
      const input = Steps.ofInput(request.input)
      const history = previous === undefined ? [] : yield* historyOf(previous)
      // Who answers keeps nothing: its ids would not be those that the client gets.
      const body: Fields = {
        ...Struct.omit(request as unknown as Fields, ["previous_interaction_id"]) as Fields,
        ...history.length === 0 ? {} : { input: [...history, ...input] },
        store: false
      }
      const answer = yield* inference.send({ ...callOf(asked), body, text: JSON.stringify(body) })
      if (!isKept) return answer
      const id = yield* DocumentId.make(InteractionsKind.prefix)
      return yield* KeptAnswer.of(answer, {
        dialect,
        model: request.model,
        id,
        previous,
        keep: (answered) => keep({ id, input, ...previous === undefined ? {} : { previous } }, answered)
      })
    }),
    get,
    remove: (id) =>
      Effect.asVoid(documents.change(
        id,
        "delete",
        () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event])
      ))
  })
})

const layer = Layer.effect(Interactions, make)

export const live = ApiModule.live({ handlers: InteractionsHandlers, layer })
