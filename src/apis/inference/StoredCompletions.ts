/** Keeps chat completions whose requests say `store: true`, and gives them back. */
import { Effect } from "effect"
import type { Schema } from "effect"
import * as RowFilter from "../../events/projections/RowFilter.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { Metadata } from "../../kernel/documents/Metadata.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import * as Events from "./StoredCompletionEvents.ts"
import type { Kept } from "./StoredCompletionsKind.ts"
import { ofModel, StoredCompletionsKind } from "./StoredCompletionsKind.ts"
import type {
  MessagesQuery,
  StoredCompletion,
  StoredCompletionsQuery,
  StoredMessage
} from "./StoredCompletionsModels.ts"

export interface Asked {
  readonly model: string
  readonly messages: ReadonlyArray<Schema.JsonObject>
  readonly metadata: Metadata
  /** All of the request. */
  readonly body: Schema.JsonObject
}

/** Fields of a request that are given back with its answer, as OpenAI does. */
const echoed = [
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "seed",
  "tools",
  "tool_choice",
  "response_format"
]

const keptId = /^[\w.:-]{1,128}$/

const completionOf = Effect.fnUntraced(function*(
  { body, messages, metadata, model }: Asked,
  answer: Schema.JsonObject
): Effect.fn.Return<StoredCompletion> {
  const given = answer["id"]
  const id = typeof given === "string" && keptId.test(given)
    ? given
    : yield* DocumentId.make(StoredCompletionsKind.prefix)
  const created = answer["created"]
  const choices = answer["choices"] as ReadonlyArray<Schema.JsonObject>
  const recording = yield* CurrentRecording
  return {
    ...Object.fromEntries(echoed.flatMap((name) => name in body ? [[name, body[name]!]] : [])),
    ...recording === undefined ? {} : { request_id: recording.options.requestId },
    ...typeof body["user"] === "string" ? { input_user: body["user"] } : {},
    ...answer,
    id,
    object: "chat.completion",
    created: typeof created === "number" && Number.isInteger(created) ? created : yield* DocumentTime.seconds,
    model: textOrNull(answer["model"]) ?? model,
    choices,
    metadata,
    input_messages: messages
  }
})

const toMessage = (id: string) => (message: Schema.JsonObject, index: number): StoredMessage => {
  const { content } = message
  return {
    refusal: null,
    ...message,
    id: `${id}-${index}`,
    role: textOrNull(message["role"]) ?? "user",
    content: typeof content === "string" ? content : null,
    content_parts: Array.isArray(content) ? content as ReadonlyArray<Schema.Json> : null
  }
}

const has = (metadata: Metadata) => ({ completion }: Kept): boolean =>
  Object.entries(metadata).every(([name, value]) =>
    Object.hasOwn(completion.metadata, name) && completion.metadata[name] === value
  )

/** Rows read at once, where not all of them fit. */
const pageSize = 100

export type StoredCompletions = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const documents = yield* Documents.of(StoredCompletionsKind)

  const get = (id: string) => Effect.map(documents.get(id), ({ value }) => value.completion)

  return {
    /** To be asked before the model is. */
    authorize: documents.authorizeCreate,
    /** Committed when it returns. An id that is taken, or is none, gives way to another. */
    store: Effect.fnUntraced(function*(asked: Asked, answer: Schema.JsonObject) {
      const completion = yield* completionOf(asked, answer)
      const store = (completion: StoredCompletion) =>
        documents.createNamed(completion.id, (owner) =>
          Effect.map(
            Documents.draft(Events.Stored, { requested_model: asked.model, completion, owner }),
            (event) => [event]
          ))
      yield* store(completion).pipe(
        Effect.catchTag(
          "DocumentConflict",
          () => Effect.flatMap(DocumentId.make(StoredCompletionsKind.prefix), (id) => store({ ...completion, id }))
        )
      )
    }),
    get,
    list: Effect.fnUntraced(
      function*({ after, limit, model, order = "asc" }: StoredCompletionsQuery, metadata: Metadata) {
        const filter = model === undefined ? RowFilter.all : ofModel(model)
        const fits = has(metadata)
        const isFiltered = Object.keys(metadata).length > 0
        const data: Array<StoredCompletion> = []
        let from = after
        while (true) {
          const page = yield* documents.list({
            after: from,
            order,
            filter,
            limit: isFiltered ? pageSize : limit
          })
          for (const { value } of page.data) {
            if (!fits(value)) continue
            if (data.length === limit) return { data, has_more: true }
            data.push(value.completion)
          }
          from = page.data.at(-1)?.value.completion.id
          if (!page.has_more || from === undefined) return { data, has_more: false }
          if (data.length === limit && !isFiltered) return { data, has_more: true }
          yield* Effect.yieldNow
        }
      }
    ),
    messages: Effect.fnUntraced(function*(id: string, { after, limit, order = "asc" }: MessagesQuery) {
      const { input_messages } = yield* get(id)
      const all = input_messages.map(toMessage(id))
      const ordered = order === "asc" ? all : all.toReversed()
      const start = after === undefined ? 0 : ordered.findIndex((each) => each.id === after) + 1
      if (after !== undefined && start === 0) {
        return yield* new DocumentNotFound({ type: "chat_completion_message", id: after })
      }
      const data = ordered.slice(start, start + limit)
      return { data, has_more: start + limit < ordered.length }
    }),
    update: Effect.fnUntraced(function*(id: string, metadata: Metadata) {
      yield* documents.change(
        id,
        "update",
        () => Effect.map(Documents.draft(Events.Updated, { metadata }), (event) => [event])
      )
      return yield* get(id)
    }),
    remove: (id: string) =>
      Effect.asVoid(
        documents.change(id, "delete", () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event]))
      )
  }
})

/** The answer in a body; undefined: it is none, or says that it failed. */
export const answerIn = (json: Schema.Json | undefined): Schema.JsonObject | undefined =>
  Array.isArray(field(json, "choices")) ? json as Schema.JsonObject : undefined
