/** What there is of a response whose stream ended before it was whole: how it began, what was whole in it, and why it ended. */
import type { Schema } from "effect"
import { field, isFields, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import * as ResponsesEnding from "../../kernel/dialects/responses/ResponsesEnding.ts"
import { SseReader } from "../../kernel/dialects/sse/SseReader.ts"

type Fields = Schema.JsonObject

const eventsIn = (chunks: ReadonlyArray<Uint8Array>): ReadonlyArray<Fields> => {
  const reader = new SseReader()
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()]
    .map(({ data }) => parse(data ?? ""))
    .filter(isFields)
}

/** The type of an event whose item is whole. */
export const itemDone = "response.output_item.done"

const doneIn = (events: ReadonlyArray<Fields>): ReadonlyArray<Fields> =>
  events.filter(({ type }) => type === itemDone)
    .toSorted((one, other) => Number(one["output_index"]) - Number(other["output_index"]))
    .map(({ item }) => item)
    .filter(isFields)

/** What the vendor says went wrong. */
const failureIn = (events: ReadonlyArray<Fields>): Fields => {
  const error = events.map(ResponsesEnding.errorIn).findLast((error) => error !== undefined)
  return {
    code: textOrNull(field(error, "code")) ?? "server_error",
    message: textOrNull(field(error, "message")) ?? "The vendor's answer broke off."
  }
}

/** How its stream ended. */
export type End = { readonly status: "cancelled" } | { readonly status: "failed"; readonly error?: Fields | undefined }

/** The client has left. */
export const cancelled: End = { status: "cancelled" }

/** Without an error it says itself what went wrong. */
export const failed = (error?: Fields): End => ({ status: "failed", error })

/** `chunks`: whole frames, in order: the first, those in which an item is done, and the last. Undefined: it never began. */
export const of = (chunks: ReadonlyArray<Uint8Array>, end: End): Fields | undefined => {
  const events = eventsIn(chunks)
  const begun = events.map(({ response }) => response).find(isFields)
  if (begun === undefined) return undefined
  const error = end.status === "failed" ? end.error ?? failureIn(events) : null
  return { ...begun, status: end.status, output: doneIn(events), error }
}
