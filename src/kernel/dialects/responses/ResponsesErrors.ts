/** Failures in the dialect: as a vendor of it says them, and as Strata writes them. */
import type { Schema } from "effect"
import { asText, field } from "../../../events/types/JsonAccess.ts"
import type { LlmFailure } from "../../messages/LlmFailure.ts"
import * as ChatErrors from "../chat/ChatErrors.ts"
import { errorIn } from "./ResponsesEnding.ts"

/** The words are those of OpenAI's other dialect. */
export const raise = (status: number, body: unknown): LlmFailure =>
  ChatErrors.raise(status, { error: (errorIn(body) ?? body) as Schema.Json })

const nullable = (value: unknown): Schema.Json => value as Schema.Json | undefined ?? null

/** OpenAI has the fields of an error in the event, Open Responses under `error`: each client reads its own. */
export const unnumbered = (error: unknown): Schema.JsonObject => {
  const [code, param] = [nullable(field(error, "code")), nullable(field(error, "param"))]
  const [message, type] = [nullable(field(error, "message")), nullable(field(error, "type") ?? "server_error")]
  return { type: "error", code, message, param, error: { type, code, message, param } }
}

export const event = (error: unknown, sequence_number: number): Schema.JsonObject => ({
  type: "error",
  sequence_number,
  ...unnumbered(error)
})

export const frameTextOf = (value: Schema.JsonObject): string =>
  `event: ${asText(value["type"])}\ndata: ${JSON.stringify(value)}\n\n`

export const frameOf = (value: Schema.JsonObject): Uint8Array => Buffer.from(frameTextOf(value))

/** Who writes it counts no events: the number is that of none. */
export const frame = (envelope: unknown): Uint8Array => frameOf(event(field(envelope, "error") ?? envelope, 0))
