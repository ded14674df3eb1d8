/**
 * What only its vendor can read (a signature, encrypted reasoning), on a trip over a client whose dialect has one opaque
 * text for it: all of it in an envelope that any dialect opens again.
 */
import { Option, Result, Schema } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import { producerModel } from "./ContentBlock.ts"

export const OpaqueState = Schema.Struct({
  dialect: Schema.String.annotate({ description: "Whose vendors can read it.", examples: ["responses"] }),
  producer_model: producerModel,
  fields: Schema.JsonObject.annotate({
    description: "The fields of the block that it stands for.",
    examples: [{ type: "thinking", content: ["gAAAAAB…", "rs_1"] }]
  })
}).annotate({
  identifier: "OpaqueState",
  description: "What only its vendor can read, and the model it is of.",
  examples: [{ dialect: "responses", producer_model: "openai/gpt-5", fields: { content: ["gAAAAAB…", "rs_1"] } }]
})
export type OpaqueState = typeof OpaqueState.Type

const prefix = "strata1."
const alphabet = /^[A-Za-z0-9_-]+$/

const decode = Schema.decodeUnknownResult(OpaqueState)

export const seal = (state: OpaqueState): string =>
  prefix + Buffer.from(JSON.stringify(state), "utf8").toString("base64url")

/** Undefined for a text that is no envelope: a vendor's own. */
export const open = (text: string): OpaqueState | undefined => {
  if (!isSealed(text)) return undefined
  const value = parse(Buffer.from(text.slice(prefix.length), "base64url").toString("utf8"))
  return Option.getOrUndefined(Result.getSuccess(decode(value)))
}

/** Whether a text is an envelope, as far as its letters tell. */
export const isSealed = (text: string): boolean => text.startsWith(prefix) && alphabet.test(text.slice(prefix.length))
