/** Batches of vendors that have OpenAI's: a file of lines, a batch of it, and files of what came of it. */
import { Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { addAll } from "../../events/types/AddAll.ts"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { tableOf } from "../../events/types/Table.ts"
import { chat } from "../dialects/chat/ChatDialect.ts"
import type { Options } from "./BatchAsker.ts"
import * as BatchAsker from "./BatchAsker.ts"
import type { VendorBatch, VendorBatches, VendorLine, VendorLineAnswer } from "./VendorBatch.ts"
import { clockTolerance, pageSize } from "./VendorBatch.ts"

/** The one window that OpenAI has. */
const window = "24h"

/** Where it says whose batch it is. */
const ours = "strata_batch_id"

const boundary = "strata-part-5f1d0c9a7b3e4f62"

const Batch = openStruct({
  id: Schema.NonEmptyString,
  status: Schema.String,
  created_at: nullable(Schema.Finite),
  output_file_id: nullable(Schema.String),
  error_file_id: nullable(Schema.String),
  request_counts: nullable(openStruct({ completed: nullable(Schema.Int), failed: nullable(Schema.Int) })),
  metadata: nullable(Schema.Record(Schema.String, Schema.Unknown)),
  errors: nullable(openStruct({
    data: nullable(Schema.Array(openStruct({
      code: nullable(Schema.String),
      message: nullable(Schema.String),
      line: nullable(Schema.Int),
      param: nullable(Schema.String)
    })))
  }))
})
type Batch = typeof Batch.Type

const List = openStruct({ data: Schema.Array(Batch), has_more: nullable(Schema.Boolean) })
const File = openStruct({ id: Schema.NonEmptyString })

const Line = openStruct({
  custom_id: Schema.String,
  response: nullable(openStruct({ status_code: Schema.Int, body: Schema.Json })),
  error: nullable(openStruct({ code: nullable(Schema.String), message: nullable(Schema.String) }))
})

const statuses = tableOf<VendorBatch["status"]>({
  cancelling: "cancelling",
  completed: "completed",
  failed: "failed",
  expired: "expired",
  cancelled: "cancelled"
})

const batchOf = ({ error_file_id, errors, id, output_file_id, request_counts, status }: Batch): VendorBatch => ({
  id,
  // `validating`, `in_progress`, `finalizing`, and what there may be one day.
  status: statuses[status] ?? "in_progress",
  counts: { completed: request_counts?.completed ?? 0, failed: request_counts?.failed ?? 0 },
  output_file_id: output_file_id ?? null,
  error_file_id: error_file_id ?? null,
  errors: (errors?.data ?? []).map(({ code, line, message, param }) => ({
    code: code ?? "batch_failed",
    message: message ?? "The vendor does not say why.",
    line: line ?? null,
    param: param ?? null
  }))
})

/** Of lines that it did not come to. */
const withoutAnswer = new Set(["batch_expired", "batch_cancelled"])

const answerOf = ({ custom_id, error, response }: typeof Line.Type): ReadonlyArray<VendorLineAnswer> => {
  if (response != null) return [{ custom_id, status: response.status_code, body: JSON.stringify(response.body) }]
  if (withoutAnswer.has(error?.code ?? "")) return []
  const message = error?.message ?? "The vendor has no answer to this line, and does not say why."
  const body = chat.errors.envelope({ message, type: error?.code ?? "server_error", status: 500 })
  return [{ custom_id, status: 500, body: JSON.stringify(body) }]
}

const lineOf = ({ body, custom_id }: VendorLine, endpoint: string): string =>
  `{"custom_id":${JSON.stringify(custom_id)},"method":"POST","url":${JSON.stringify(endpoint)},"body":${body}}\n`

/** A form whose bytes are the same each time: they are recorded. */
const uploadOf = (path: string, filename: string, content: string) => {
  const field = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`
  const text = `${field("name=\"purpose\"")}\r\nbatch\r\n` +
    `${field(`name="file"; filename="${filename}"`)}Content-Type: application/jsonl\r\n\r\n` +
    `${content}\r\n--${boundary}--\r\n`
  return HttpClientRequest.post(path).pipe(
    HttpClientRequest.bodyText(text, `multipart/form-data; boundary=${boundary}`)
  )
}

/** `version`: of the paths, where the client's base URL has none. */
export const make = (
  options: Omit<Options, "envelope">,
  endpoints: ReadonlyArray<string>,
  version = ""
): VendorBatches => {
  const asker = BatchAsker.make({ ...options, envelope: chat.errors.envelope })
  const file = asker.json(File)
  const list = asker.json(List)
  const lines = asker.lines(Line)
  const batch = (request: HttpClientRequest.HttpClientRequest) => Effect.map(asker.json(Batch)(request), batchOf)
  const pathOf = (id: string) => `${version}/batches/${encodeURIComponent(id)}`

  return {
    endpoints,
    submit: Effect.fnUntraced(function*({ batch: id, endpoint, headers, lines }) {
      const content = lines.map((line) => lineOf(line, endpoint)).join("")
      const { id: input_file_id } = yield* file(uploadOf(`${version}/files`, `${id}.jsonl`, content))
      return yield* batch(
        HttpClientRequest.post(`${version}/batches`, { headers }).pipe(
          HttpClientRequest.bodyJsonUnsafe({
            input_file_id,
            endpoint,
            completion_window: window,
            metadata: { [ours]: id }
          })
        )
      )
    }),
    find: Effect.fnUntraced(function*({ batch: wanted, since }) {
      for (let after = "";;) {
        const search = after === "" ? "" : `&after=${encodeURIComponent(after)}`
        const { data, has_more } = yield* list(HttpClientRequest.get(`${version}/batches?limit=${pageSize}${search}`))
        const same = data.find(({ metadata }) => metadata?.[ours] === wanted)
        if (same !== undefined) return { batch: batchOf(same), unsure: false }
        const last = data.at(-1)
        // The newest come first.
        const isOlder = (last?.created_at ?? since) < since - clockTolerance
        if (last === undefined || has_more !== true || isOlder) return { batch: null, unsure: false }
        after = last.id
      }
    }),
    retrieve: (id) => batch(HttpClientRequest.get(pathOf(id))),
    results: Effect.fnUntraced(function*({ error_file_id, output_file_id }) {
      const answers: Array<VendorLineAnswer> = []
      for (const id of [output_file_id, error_file_id]) {
        if (id === null) continue
        const read = yield* lines(HttpClientRequest.get(`${version}/files/${encodeURIComponent(id)}/content`))
        addAll(answers, read.flatMap(answerOf))
      }
      return answers
    }),
    cancel: (id) => batch(HttpClientRequest.post(`${pathOf(id)}/cancel`))
  }
}
