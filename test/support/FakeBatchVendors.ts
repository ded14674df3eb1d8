/** Vendors on 127.0.0.1 that do batches as their public documents have it: OpenAI's, with its files, and Anthropic's. */
import { Clock, DateTime } from "effect"
import type { Schema } from "effect"
import { field, listOf, parse } from "../../src/events/types/JsonAccess.ts"
import * as FakeOpenAiFiles from "./FakeOpenAiFiles.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import * as PublicDocuments from "./PublicDocuments.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

/** What a line comes to: an answer; or `undefined`, where the vendor does not come to it. */
export type AnswerLine = (
  body: unknown,
  line: number
) => { readonly status: number; readonly body: Schema.Json } | undefined

export interface Behaviour {
  readonly answer: AnswerLine
  /** Whether a batch that is asked about is over by now; default: at once. */
  readonly isOver?: () => boolean
  /** Why a batch is not taken. */
  readonly refuses?: Schema.Json
  /** Asked before anything else. */
  readonly before?: (request: ReceivedRequest) => ScriptedAnswer | undefined
}

interface Kept {
  readonly id: string
  readonly lines: ReadonlyArray<unknown>
  readonly given: unknown
  status: string
}

const jsonl = (lines: ReadonlyArray<Schema.Json>): string => lines.map((line) => JSON.stringify(line) + "\n").join("")
const clock = Clock.Clock.defaultValue()
const now = () => Math.floor(clock.currentTimeMillisUnsafe() / 1000)

/** Which batch a path is about, and what of it. */
const partsOf = (path: string, before: string) => {
  const [, id = "", rest = ""] = new RegExp(`^${before}/([^/?]+)/?([^?]*)`).exec(path) ?? []
  return { id, rest }
}

/** `made`: the batches there are. */
export const openAi = ({ answer, before, isOver = () => true, refuses }: Behaviour) => {
  const files = FakeOpenAiFiles.make()
  const made: Array<Kept> = []
  const outputs = new Map<string, { readonly output: string; readonly errors: string }>()

  const end = (batch: Kept): void => {
    const output: Array<Schema.Json> = []
    const errors: Array<Schema.Json> = []
    for (const [index, line] of batch.lines.entries()) {
      const custom_id = String(field(line, "custom_id"))
      const common = { id: `batch_req_${index}`, custom_id }
      const given = answer(field(line, "body"), index)
      if (given === undefined) {
        errors.push({ ...common, response: null, error: { code: "batch_cancelled", message: "Cancelled." } })
      } else {
        const response = { status_code: given.status, request_id: `r${index}`, body: given.body }
        ;(given.status < 400 ? output : errors).push({ ...common, response, error: null })
      }
    }
    outputs.set(batch.id, { output: jsonl(output), errors: jsonl(errors) })
    batch.status = batch.status === "cancelling" ? "cancelled" : "completed"
  }

  const objectOf = (batch: Kept): Schema.Json => {
    const { errors, output } = outputs.get(batch.id) ?? { output: "", errors: "" }
    const count = (text: string) => text.split("\n").length - 1
    return PublicDocuments.held("openai", "Batch", {
      id: batch.id,
      object: "batch",
      endpoint: String(field(batch.given, "endpoint")),
      input_file_id: String(field(batch.given, "input_file_id")),
      completion_window: "24h",
      status: batch.status,
      created_at: now(),
      ...output === "" ? {} : { output_file_id: `${batch.id}-output` },
      ...errors === "" ? {} : { error_file_id: `${batch.id}-errors` },
      ...batch.status === "failed" ? { errors: { object: "list", data: refuses ?? [] } } : {},
      metadata: field(batch.given, "metadata") as Schema.Json,
      request_counts: { total: batch.lines.length, completed: count(output), failed: count(errors) }
    })
  }

  const respond = (request: ReceivedRequest): ScriptedAnswer | undefined => {
    const scripted = before?.(request)
    if (scripted !== undefined) return scripted
    const { body, method, path } = request
    const [, of = "", kind = ""] = /^\/v1\/files\/(.+)-(output|errors)\/content$/.exec(path) ?? []
    if (of !== "") {
      const text = outputs.get(of)?.[kind as "output" | "errors"] ?? ""
      return { _tag: "Fixed", status: 200, headers: { "content-type": "application/octet-stream" }, body: text }
    }
    if (path.startsWith("/v1/files")) return files.respond(request)
    if (!path.startsWith("/v1/batches")) return undefined
    const { id, rest } = partsOf(path, "/v1/batches")
    if (method === "POST" && id === "") {
      const { content = "" } = files.kept.get(String(field(body, "input_file_id"))) ?? {}
      const lines = content.split("\n").filter((line) => line !== "").map((line) => parse(line))
      const status = refuses === undefined ? "validating" : "failed"
      made.push({ id: `batch_vendor_${made.length + 1}`, lines, given: body, status })
      return ScriptedAnswer.json(200, objectOf(made.at(-1)!))
    }
    if (id === "") {
      return ScriptedAnswer.json(200, {
        object: "list",
        data: made.toReversed().map(objectOf),
        has_more: false
      })
    }
    const batch = made.find((each) => each.id === id)
    if (batch === undefined) return ScriptedAnswer.error(404, `No batch ${id}`)
    const isOpen = !["failed", "completed", "cancelled"].includes(batch.status)
    if (rest === "cancel") {
      if (!isOpen) return ScriptedAnswer.error(409, "It has ended.")
      batch.status = "cancelling"
    } else if (isOpen) {
      if (batch.status === "validating") batch.status = "in_progress"
      if (batch.status === "cancelling" || isOver()) end(batch)
    }
    return ScriptedAnswer.json(200, objectOf(batch))
  }
  return { made, respond }
}

/** `made`: the batches there are. */
export const anthropic = ({ answer, before, isOver = () => true }: Behaviour) => {
  const made: Array<Kept> = []

  const resultOf = (request: unknown, index: number): Schema.Json => {
    const given = answer(field(request, "params"), index)
    const result = given === undefined
      ? { type: "canceled" }
      : given.status < 400
      ? { type: "succeeded", message: given.body }
      : { type: "errored", error: given.body }
    return PublicDocuments.held("anthropic", "MessageBatchIndividualResponse", {
      custom_id: String(field(request, "custom_id")),
      result
    })
  }

  const objectOf = ({ id, lines, status }: Kept): Schema.Json => {
    const types = status === "ended"
      ? lines.map((line, index) => field(field(resultOf(line, index), "result"), "type"))
      : []
    const count = (type: string) => types.filter((each) => each === type).length
    const time = "2026-11-27T06:00:00Z"
    return PublicDocuments.held("anthropic", "MessageBatch", {
      id,
      type: "message_batch",
      processing_status: status,
      request_counts: {
        processing: lines.length - types.length,
        succeeded: count("succeeded"),
        errored: count("errored"),
        canceled: count("canceled"),
        expired: 0
      },
      created_at: DateTime.formatIso(DateTime.makeUnsafe(now() * 1000)),
      expires_at: time,
      ended_at: status === "ended" ? time : null,
      cancel_initiated_at: null,
      archived_at: null,
      results_url: null
    })
  }

  const respond = (request: ReceivedRequest): ScriptedAnswer | undefined => {
    const scripted = before?.(request)
    if (scripted !== undefined) return scripted
    const { body, method, path } = request
    if (!path.startsWith("/v1/messages/batches")) return undefined
    const { id, rest } = partsOf(path, "/v1/messages/batches")
    if (method === "POST" && id === "") {
      const lines = listOf(field(body, "requests"))
      made.push({ id: `msgbatch_vendor_${made.length + 1}`, lines, given: body, status: "in_progress" })
      return ScriptedAnswer.json(200, objectOf(made.at(-1)!))
    }
    if (id === "") {
      const data = made.toReversed().map(objectOf)
      return ScriptedAnswer.json(200, { data, has_more: false, first_id: null, last_id: null })
    }
    const batch = made.find((each) => each.id === id)
    if (batch === undefined) return ScriptedAnswer.error(404, `No batch ${id}`)
    if (rest === "results") {
      return {
        _tag: "Fixed",
        status: 200,
        headers: { "content-type": "application/x-jsonl" },
        body: jsonl(batch.lines.map(resultOf))
      }
    }
    if (rest === "cancel") batch.status = "canceling"
    else if (batch.status === "canceling" || isOver()) batch.status = "ended"
    return ScriptedAnswer.json(200, objectOf(batch))
  }
  return { made, respond }
}
