/** Message batches of Anthropic: requests that come with them, and results as lines. */
import { DateTime, Effect, Option, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { anthropic } from "../dialects/anthropic/AnthropicDialect.ts"
import * as LlmErrors from "../messages/LlmErrors.ts"
import type { Options } from "./BatchAsker.ts"
import * as BatchAsker from "./BatchAsker.ts"
import type { VendorBatch, VendorBatches, VendorLineAnswer } from "./VendorBatch.ts"
import { clockTolerance, isOver, pageSize } from "./VendorBatch.ts"

const path = "/messages/batches"

const Batch = openStruct({
  id: Schema.NonEmptyString,
  processing_status: Schema.String,
  created_at: Schema.String,
  request_counts: openStruct({
    processing: Schema.Int,
    succeeded: Schema.Int,
    errored: Schema.Int,
    canceled: Schema.Int,
    expired: Schema.Int
  })
})
type Batch = typeof Batch.Type

const List = openStruct({
  data: Schema.Array(Batch),
  has_more: nullable(Schema.Boolean),
  last_id: nullable(Schema.String)
})

const Line = openStruct({
  custom_id: Schema.String,
  result: openStruct({
    type: Schema.String,
    message: Schema.optionalKey(Schema.Json),
    error: Schema.optionalKey(Schema.Json)
  })
})
type Line = typeof Line.Type

const statusOf = ({ processing_status, request_counts: { canceled, expired } }: Batch): VendorBatch["status"] => {
  if (processing_status === "canceling") return "cancelling"
  if (processing_status !== "ended") return "in_progress"
  if (canceled > 0) return "cancelled"
  return expired > 0 ? "expired" : "completed"
}

const batchOf = (batch: Batch): VendorBatch => ({
  id: batch.id,
  status: statusOf(batch),
  counts: { completed: batch.request_counts.succeeded, failed: batch.request_counts.errored },
  output_file_id: null,
  error_file_id: null,
  errors: []
})

const totalOf = ({ request_counts: { canceled, errored, expired, processing, succeeded } }: Batch): number =>
  processing + succeeded + errored + canceled + expired

const secondsOf = (time: string): number =>
  Option.match(DateTime.make(time), { onNone: () => 0, onSome: (at) => at.epochMilliseconds / 1000 })

const answerOf = ({ custom_id, result: { error, message, type } }: Line): ReadonlyArray<VendorLineAnswer> => {
  if (type === "succeeded") return [{ custom_id, status: 200, body: JSON.stringify(message ?? null) }]
  if (type !== "errored") return []
  const status = LlmErrors.statusOf(anthropic.errors.raise(0, error ?? null).kind)
  return [{ custom_id, status, body: JSON.stringify(error ?? null) }]
}

export const make = (options: Omit<Options, "envelope">): VendorBatches => {
  const asker = BatchAsker.make({ ...options, envelope: anthropic.errors.envelope })
  const list = asker.json(List)
  const lines = asker.lines(Line)
  const batch = (request: HttpClientRequest.HttpClientRequest) => Effect.map(asker.json(Batch)(request), batchOf)
  const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`
  const resultsOf = (id: string) => lines(HttpClientRequest.get(`${pathOf(id)}/results`))

  return {
    endpoints: ["/v1/messages"],
    submit: ({ headers, lines }) => {
      const requests = lines.map(({ body, custom_id }) => `{"custom_id":${JSON.stringify(custom_id)},"params":${body}}`)
      return batch(
        HttpClientRequest.post(path, { headers }).pipe(
          HttpClientRequest.bodyText(`{"requests":[${requests.join(",")}]}`, "application/json")
        )
      )
    },
    // Its batches carry nothing of who made them but their lines' ids, which it says at their end.
    find: Effect.fnUntraced(function*({ prefix, since, total }) {
      let unsure = false
      for (let after = "";;) {
        const search = after === "" ? "" : `&after_id=${encodeURIComponent(after)}`
        const { data, has_more, last_id } = yield* list(HttpClientRequest.get(`${path}?limit=${pageSize}${search}`))
        const recent = data.filter(({ created_at }) => secondsOf(created_at) >= since - clockTolerance)
        for (const each of recent) {
          if (totalOf(each) !== total) continue
          const candidate = batchOf(each)
          if (!isOver(candidate)) unsure = true
          else if ((yield* resultsOf(each.id))[0]?.custom_id.startsWith(prefix) === true) {
            return { batch: candidate, unsure: false }
          }
        }
        // The newest come first.
        if (has_more !== true || last_id == null || recent.length < data.length) return { batch: null, unsure }
        after = last_id
      }
    }),
    retrieve: (id) => batch(HttpClientRequest.get(pathOf(id))),
    results: ({ id }) => Effect.map(resultsOf(id), (lines) => lines.flatMap(answerOf)),
    cancel: (id) => batch(HttpClientRequest.post(`${pathOf(id)}/cancel`))
  }
}
