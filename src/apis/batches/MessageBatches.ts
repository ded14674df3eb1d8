/** Batches whose requests come with them, and stay in the log. */
import { Effect } from "effect"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import { messages } from "./BatchEndpoints.ts"
import * as BatchEvents from "./BatchEvents.ts"
import type { BatchStore } from "./BatchStore.ts"
import { invalid } from "./BatchStore.ts"
import * as CompletionWindow from "./CompletionWindow.ts"
import type { CreateMessageBatch } from "./MessageBatchesModels.ts"

const prefix = "msgbatch_"

/** As Anthropic's. */
const completionWindow = "24h"

/** Requests of an event. */
const mostTogether = 256
const mostCharacters = 1_000_000

type Requests = typeof BatchEvents.RequestsAdded.payload.Type["requests"]

/** In events of some size, each with the number of its first request. */
const parted = (requests: Requests) => {
  const parts: Array<typeof BatchEvents.RequestsAdded.payload.Type> = []
  let part: Array<Requests[number]> = []
  let characters = 0
  const close = (next: number) => {
    if (part.length > 0) parts.push({ first: next - part.length, requests: part })
    part = []
    characters = 0
  }
  for (const [index, request] of requests.entries()) {
    part.push(request)
    characters += request.body.length
    if (part.length === mostTogether || characters >= mostCharacters) close(index + 2)
  }
  close(requests.length + 1)
  return parts
}

const check = Effect.fnUntraced(function*({ requests }: CreateMessageBatch) {
  const firstOf = new Map<string, number>()
  for (const [index, { custom_id, params }] of requests.entries()) {
    const first = firstOf.get(custom_id)
    if (first !== undefined) {
      return yield* invalid(
        `requests.${index}.custom_id`,
        `requests.${index}.custom_id: ${JSON.stringify(custom_id)} is that of requests.${first}, too.`
      )
    }
    firstOf.set(custom_id, index)
    if (params["stream"] === true) {
      const field = `requests.${index}.params.stream`
      return yield* invalid(field, `${field}: a batch has one answer for each request; leave it out.`)
    }
  }
})

export const make = ({ authorize, submit }: BatchStore) =>
  Effect.fnUntraced(function*(payload: CreateMessageBatch) {
    yield* authorize(messages, "requests", payload.provider_id)
    yield* check(payload)
    const created_at = yield* DocumentTime.seconds
    const requests = payload.requests.map(({ custom_id, params }) => ({ custom_id, body: JSON.stringify(params) }))
    const events = yield* Effect.forEach(parted(requests), (part) => Documents.draft(BatchEvents.RequestsAdded, part))
    return yield* submit({
      id: yield* DocumentId.make(prefix),
      surface: "message_batches",
      endpoint: messages,
      input_file_id: null,
      completion_window: completionWindow,
      created_at,
      expires_at: created_at + CompletionWindow.seconds(completionWindow),
      metadata: null,
      output_expires_after: null,
      total: requests.length,
      ...payload.provider_id == null ? {} : { provider_id: payload.provider_id }
    }, events).pipe(Effect.catchTag("VersionConflict", Effect.die))
  })
