/** A part of a turn as a block. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as FunctionResponse from "./FunctionResponse.ts"
import * as Images from "./Images.ts"
import type { Fields } from "./ProtoNames.ts"
import { isEmpty, named, whereAny } from "./ProtoNames.ts"
import * as Signatures from "./Signatures.ts"

/** What every block of a message says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

export const originOf = (producer: string | undefined): Origin =>
  producer === undefined ? {} : { producer_model: producer }

/** A part holds one of them. */
const kinds = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse"
] as const

const whole = (part: Schema.Json, origin: Origin): ContentBlock =>
  unknownBlock("gemini_block", { block: part, ...origin })

const signatureOf = (fields: Fields): { readonly signature?: string; readonly rest: Fields } => {
  const { thoughtSignature, ...rest } = fields
  return Predicate.isString(thoughtSignature) && thoughtSignature !== ""
    ? { signature: thoughtSignature, rest }
    : { rest: fields }
}

const signed = (signature: string | undefined) => signature === undefined ? {} : Signatures.raise(signature)

const text = (fields: Fields, origin: Origin): ContentBlock => {
  const { signature, rest: { text, ...rest } } = signatureOf(fields)
  const given = asText(text)
  if (rest["thought"] !== true) {
    return { type: "text", text: given, ...signed(signature), ...optionsOf("gemini", rest), ...origin }
  }
  const sealed = signature === undefined ? undefined : Signatures.open(signature, given)
  return sealed ??
    { type: "thinking", thinking: given, ...signed(signature), ...optionsOf("gemini", rest), ...origin }
}

const call = (fields: Fields, origin: Origin): ContentBlock | undefined => {
  const { signature, rest: { functionCall, ...rest } } = signatureOf(fields)
  const { args, id, name, ...others } = isFields(functionCall) ? functionCall : {}
  if (!Predicate.isString(name) || rest["thought"] === true) return undefined
  if (args !== undefined && args !== null && !isFields(args)) return undefined
  return {
    type: "tool_call",
    id: Predicate.isString(id) ? id : "",
    name,
    input: args ?? {},
    ...signed(signature),
    ...optionsOf("gemini", { ...rest, ...whereAny("functionCall", others) }),
    ...origin
  }
}

const isPlain = (part: Fields): boolean =>
  isEmpty(Struct.omit(part, ["text", "thought"])) && (part["thought"] === undefined || part["thought"] === true)

/** True for a part that adds nothing, as streams have them beside a finish. */
export const saysNothing = (part: Fields): boolean => isEmpty(part) || (part["text"] === "" && isPlain(part))

/** What a part says that is a text and nothing else: more of it may follow in the next one. */
export const plainKind = (part: unknown): "text" | "thinking" | undefined =>
  isFields(part) && Predicate.isString(part["text"]) && isPlain(part)
    ? part["thought"] === true ? "thinking" : "text"
    : undefined

/** Undefined for a part that says nothing. Calls and results have their ids already. */
export const raise = (part: unknown, origin: Origin): ContentBlock | undefined => {
  if (!isFields(part)) return whole(part as Schema.Json, origin)
  const fields = named(part)
  const present = kinds.filter((kind) => fields[kind] !== undefined && fields[kind] !== null)
  if (present.length === 0) return isEmpty(fields) ? undefined : whole(part, origin)
  const [kind] = present
  if (present.length > 1) return whole(part, origin)
  if (kind === "text" && Predicate.isString(fields["text"])) {
    return saysNothing(fields) ? undefined : text(fields, origin)
  }
  if (kind === "functionCall") return call(fields, origin) ?? whole(part, origin)
  if (kind === "functionResponse" && isFields(fields["functionResponse"])) {
    const { functionResponse, ...rest } = fields
    return { ...FunctionResponse.raise(functionResponse as Fields, rest), ...origin }
  }
  const image = Images.raise(fields)
  return image === undefined ? whole(part, origin) : { ...image, ...origin }
}
