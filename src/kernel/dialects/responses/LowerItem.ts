/** What a model answered, block by block, as items: for a vendor that goes on with it, or for a client. */
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ToolCallBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import * as ToolArguments from "../chat/ToolArguments.ts"
import { part } from "./LowerPart.ts"
import type { Thought } from "./LowerReasoning.ts"
import * as OtherCalls from "./OtherCalls.ts"

/** Who the items are for. */
export interface Reader {
  /** Fields that each item of the kind has for this reader, its id among them. */
  readonly fieldsOf: (kind: "msg" | "fc" | "ctc") => Schema.JsonObject
  readonly thought: (block: Thought) => Schema.JsonObject | undefined
  /** What follows a block with a signature. */
  readonly signature: (block: ContentBlock) => Schema.JsonObject | undefined
  /** A block that can't be written. */
  readonly drop: (block: ContentBlock) => void
  /** Fields that each text has for this reader; undefined: text alone is written as text. */
  readonly fieldsOfText: Schema.JsonObject | undefined
}

const call = (block: ToolCallBlock, { fieldsOf }: Reader): Schema.JsonObject =>
  OtherCalls.lowerCall(block, block.custom === true ? fieldsOf("ctc") : {}) ?? {
    type: "function_call",
    ...fieldsOf("fc"),
    call_id: block.id,
    name: block.name,
    arguments: ToolArguments.lower(block),
    ...optionsFor("responses", block)
  }

/** A message that has begun, and may grow. */
interface Spoken {
  readonly fields: Schema.JsonObject
  readonly content: Array<Schema.JsonObject>
}

const isPlain = ({ annotations, type, ...rest }: Schema.JsonObject): boolean =>
  type === "output_text" && Array.isArray(annotations) && annotations.length === 0 && Object.keys(rest).length === 1

const messageOf = ({ content, fields }: Spoken, plainText: boolean): Schema.JsonObject => {
  const [first, ...others] = content
  const plain = plainText && fields["id"] === undefined && first !== undefined && others.length === 0 && isPlain(first)
  return { type: "message", role: "assistant", ...fields, content: plain ? first["text"]! : content }
}

const thoughts: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])
const isThought = (block: ContentBlock): block is Thought => thoughts.has(block.type)

/** Undefined for a block that is no item of its own. */
const itemOf = (block: ContentBlock, reader: Reader): Schema.JsonObject | undefined => {
  if (isThought(block)) return reader.thought(block)
  if (isModeled(block)) return block.type === "tool_call" ? call(block, reader) : undefined
  const given = block["block"]
  return block.type === "responses_block" && isFields(given) ? given : undefined
}

/** As a client of the dialect gets one: every field is there. */
export const logprob = (given: Schema.Json): Schema.JsonObject => {
  const { bytes, logprob: value, token, top_logprobs } = isFields(given) ? given : {}
  return { token: token ?? "", logprob: value ?? 0, bytes: bytes ?? [], top_logprobs: objectsIn(top_logprobs).map(top) }
}

const top = ({ bytes, logprob, token }: Schema.JsonObject): Schema.JsonObject => ({
  token: token ?? "",
  logprob: logprob ?? 0,
  bytes: bytes ?? []
})

const logprobsOf = (block: ContentBlock): Schema.JsonObject =>
  isModeled(block) && block.type === "text" && block.logprobs != null ? { logprobs: block.logprobs.map(logprob) } : {}

/** Texts of one message of this dialect are one again; each other text is a message. */
export const items = (blocks: ReadonlyArray<ContentBlock>, reader: Reader): ReadonlyArray<Schema.JsonObject> => {
  const written: Array<Schema.JsonObject | Spoken> = []
  let open: Spoken | undefined
  for (const block of blocks) {
    const piece = part(block, "assistant")
    if (piece !== undefined) {
      const { item, joined } = optionsFor("responses", block)
      if (open === undefined || joined !== true) {
        open = { fields: { ...reader.fieldsOf("msg"), ...(isFields(item) ? item : {}) }, content: [] }
        written.push(open)
      }
      open.content.push(
        reader.fieldsOfText === undefined || piece["type"] !== "output_text"
          ? piece
          : { ...reader.fieldsOfText, ...logprobsOf(block), ...piece }
      )
    } else {
      open = undefined
      const item = itemOf(block, reader)
      if (item === undefined) reader.drop(block)
      else written.push(item)
    }
    const signature = reader.signature(block)
    if (signature !== undefined) {
      written.push(signature)
      open = undefined
    }
  }
  return written.map((each) => isSpoken(each) ? messageOf(each, reader.fieldsOfText === undefined) : each)
}

const isSpoken = (each: Schema.JsonObject | Spoken): each is Spoken =>
  "fields" in each && Array.isArray(each["content"])
