/** Lines of a batch as a vendor gets them; and its answers as those of calls that were made for each. */
import { Effect, Result, Schema, Stream } from "effect"
import { createHash } from "node:crypto"
import { field, parse } from "../../events/types/JsonAccess.ts"
import { sha256 } from "../../events/types/Traffic.ts"
import type { VendorLine, VendorLineAnswer } from "../../kernel/batches/VendorBatch.ts"
import type { ReplayedCall } from "../../kernel/calls/ReplayedCall.ts"
import { ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { VendorBatchRouter } from "../inference/VendorBatchRouter.ts"
import type { BatchError } from "./BatchEvents.ts"
import { isGood } from "./BatchKind.ts"
import type { BatchLine } from "./BatchLine.ts"

/** Characters of all lines: they are sent, and recorded, as one request. */
export const mostCharacters = 32 * 1024 * 1024

/** What the vendor's ids of a batch's lines begin with: nobody else's do. */
export const prefixOf = (tenant: string, batch: string): string =>
  `strata_${createHash("sha256").update(JSON.stringify([tenant, batch])).digest("hex").slice(0, 24)}_`

interface Prepared {
  readonly lines: ReadonlyArray<VendorLine>
  /** Why it can't be sent. */
  readonly errors: ReadonlyArray<BatchError>
}

const tooLong: BatchError = {
  code: "batch_too_long",
  line: null,
  message:
    `For a vendor's batch its lines may have ${mostCharacters} characters together: make several batches of them, ` +
    "or leave provider_id out.",
  param: "provider_id"
}

/** So many errors stand in a batch. */
const mostErrors = 1000

export const prepare = <E, R>(
  lines: Stream.Stream<BatchLine, E, R>,
  lineOf: (line: BatchLine) => ReturnType<VendorBatchRouter["Service"]["lineOf"]>,
  prefix: string
): Effect.Effect<Prepared, E, R> =>
  Effect.gen(function*() {
    const prepared: Array<VendorLine> = []
    const errors: Array<BatchError> = []
    let characters = 0
    yield* Stream.runForEach(lines, (line) =>
      Effect.gen(function*() {
        characters += line.body.length
        if (characters > mostCharacters) return
        const given = yield* lineOf(line)
        if (Result.isSuccess(given)) {
          prepared.push({ custom_id: `${prefix}${line.line}`, body: given.success })
        } else if (errors.length < mostErrors) {
          const { code, message } = given.failure
          errors.push({ code, line: line.line, message: `Line ${line.line}: ${message}`, param: "body.model" })
        }
      }))
    return characters > mostCharacters ? { lines: [], errors: [tooLong] } : { lines: prepared, errors }
  })

export const modelOf = ({ body }: BatchLine): unknown => field(parse(body), "model")

const unsaid: BatchError = {
  code: "vendor_refused",
  line: null,
  message: "The vendor did not take the batch, and does not say why.",
  param: null
}

/** Why a vendor took none, with the lines of the input: it counts those that it was sent, whose `numbers` these are. */
export const errorsOf = (
  errors: ReadonlyArray<BatchError>,
  numbers: ReadonlyArray<number>
): ReadonlyArray<BatchError> =>
  errors.length === 0
    ? [unsaid]
    : errors.map((error) => ({ ...error, line: error.line === null ? null : numbers[error.line - 1] ?? error.line }))

const noAnswer = { message: "The vendor's results have no line for this one.", type: "server_error" }

/** By the number of their line. `whole`: the vendor says that it is done with all of them. */
export const answersOf = (answers: ReadonlyArray<VendorLineAnswer>, prefix: string, whole: boolean) => {
  const byId = new Map(answers.map((answer) => [answer.custom_id, answer]))
  return (line: number): VendorLineAnswer | undefined => {
    const custom_id = `${prefix}${line}`
    const answer = byId.get(custom_id)
    return answer ?? (whole ? { custom_id, status: 502, body: JSON.stringify({ error: noAnswer }) } : undefined)
  }
}

const encodeRejected = Schema.encodeSync(ProviderRejected)

const bodyOf = (body: string) => ({ body, encoding: "utf-8" as const, sha256: sha256(body) })

/** What its request's call is answered with, in place of the provider. */
export const callOf = (provider: string, { body, status }: VendorLineAnswer): ReplayedCall => {
  const common = { method: "", inner: 0 }
  if (isGood(status)) {
    const headers = { "content-type": "application/json" }
    return { ...common, answer: { status, headers, ...bodyOf(body) }, failure: undefined }
  }
  const rejected = new ProviderRejected({ provider, status, headers: {}, text: body })
  return {
    ...common,
    answer: { status: null, headers: {}, ...bodyOf(JSON.stringify(encodeRejected(rejected))) },
    failure: { type: rejected._tag, message: rejected.message }
  }
}
