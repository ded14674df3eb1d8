/** Responses, for whoever asks over HTTP or in the process. */
import { Context } from "effect"
import type { Effect, Schema } from "effect"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import type { ResponseError } from "./ResponseErrors.ts"
import type { InputItemsQuery, ResponseQuery, ResponsesQuery } from "./ResponsesModels.ts"

type Json = Schema.JsonObject

export interface Page {
  readonly data: ReadonlyArray<Json>
  readonly has_more: boolean
}

export class Responses extends Context.Service<Responses, {
  /** Within a request: `body` as the client sent it, `text` its JSON. */
  create(body: Json, text: string): Effect.Effect<Bytes<unknown>, ResponseError>
  /** The session of what a request goes on from, by the request's text: its response's, or that of its conversation; undefined: none. */
  sessionOf(text: string): Effect.Effect<string | undefined>
  get(id: string): Effect.Effect<Json, ResponseError>
  /** Its events, and those to come. */
  stream(id: string, query: Pick<ResponseQuery, "starting_after">): Effect.Effect<Bytes, ResponseError>
  list(query: ResponsesQuery): Effect.Effect<Page, ResponseError>
  remove(id: string): Effect.Effect<void, ResponseError>
  cancel(id: string): Effect.Effect<Json, ResponseError>
  inputItems(id: string, query: InputItemsQuery): Effect.Effect<Page, ResponseError>
  inputTokens(body: Json): Effect.Effect<number, ResponseError>
  compact(body: Json): Effect.Effect<Json, ResponseError>
}>()("strata/apis/responses/Responses") {}
