/** The blocks of a message in a chat completion or its request. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, isFields, textOrNull, without } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ToolCallBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as CustomTool from "./CustomTool.ts"
import * as ImageUrl from "./ImageUrl.ts"
import * as SignedTexts from "./SignedTexts.ts"
import * as ThinkingBlocks from "./ThinkingBlocks.ts"
import * as ThoughtSignature from "./ThoughtSignature.ts"
import * as ToolArguments from "./ToolArguments.ts"

export type { Origin } from "./ThinkingBlocks.ts"
type Origin = ThinkingBlocks.Origin

/** The fields of a message that become blocks. */
export const blockFields = [
  "content",
  "tool_calls",
  "refusal",
  "images",
  ThinkingBlocks.blocksField,
  ...ThinkingBlocks.wordFields
] as const

/** A mark of the cache has its place; that it came in this dialect is remembered, for not every vendor takes it. */
const besides = (rest: Schema.JsonObject): Schema.JsonObject => {
  const { cache_control } = rest
  return { ...(isFields(cache_control) ? { cache_control } : {}), ...optionsOf("chat", rest) }
}

const image = (fields: Schema.JsonObject, given: Schema.JsonObject, url: string, origin: Origin): ContentBlock => {
  const { detail, url: _, ...more } = given
  const rest = without(fields, ["type", "image_url"])
  return {
    type: "image",
    source: ImageUrl.sourceOf(url),
    ...(detail == null ? {} : { detail }),
    ...origin,
    ...besides({ ...rest, ...(Object.keys(more).length === 0 ? {} : { image_url: more }) })
  }
}

const part = (value: unknown, origin: Origin): ContentBlock => {
  const fields = isFields(value) ? value : { value: value as Schema.Json }
  const { image_url: given, refusal, text, type, ...rest } = fields
  if (type === "text" && Predicate.isString(text)) return { type: "text", text, ...origin, ...besides(rest) }
  // To whoever knows no refusals it is what the model answers.
  if (type === "refusal" && Predicate.isString(refusal)) {
    return { type: "text", text: refusal, refusal: true, ...origin, ...besides({ ...rest, part: true }) }
  }
  const url = textOrNull(field(given, "url"))
  if (type === "image_url" && isFields(given) && url !== null) return image(fields, given, url, origin)
  // A name of the canonical model's own may stand for something else here.
  return unknownBlock("chat_block", { block: fields, ...origin })
}

export const parts = (content: unknown, origin: Origin): ReadonlyArray<ContentBlock> => {
  if (Array.isArray(content)) return content.map((each: unknown) => part(each, origin))
  return Predicate.isString(content) && content !== "" ? [{ type: "text", text: content, ...origin }] : []
}

/** What a call says of its tool. */
interface Called extends Pick<ToolCallBlock, "name" | "input" | "custom"> {
  readonly arguments?: Schema.Json
  readonly field: "function" | "custom"
  readonly more: Schema.JsonObject
}

const calledIn = (value: Schema.JsonObject): Called | undefined => {
  const custom = CustomTool.raiseCall(value)
  if (custom !== undefined) return { field: "custom", ...custom }
  const { function: called } = value
  const name = textOrNull(field(called, "name"))
  return !isFields(called) || name === null ? undefined : {
    field: "function",
    name,
    ...ToolArguments.raise(called["arguments"]),
    more: without(called, ["name", "arguments"])
  }
}

const call = (value: unknown, origin: Origin): ContentBlock => {
  const called = isFields(value) ? calledIn(value) : undefined
  if (!isFields(value) || called === undefined) {
    return unknownBlock("chat_tool_call", { block: value as Schema.Json, ...origin })
  }
  const { field: place, more, ...fields } = called
  const { cache_control, extra_content, ...rest } = without(value, ["id", "type", place])
  const extra = ThoughtSignature.restOf(extra_content)
  const block: ContentBlock = {
    type: "tool_call",
    id: textOrNull(value["id"]) ?? "",
    ...fields,
    ...origin,
    ...besides({
      ...rest,
      ...(cache_control === undefined ? {} : { cache_control }),
      ...(extra === undefined ? {} : { extra_content: extra }),
      ...(Object.keys(more).length === 0 ? {} : { [place]: more })
    })
  }
  return ThoughtSignature.signed(block, value)
}

const calls = (value: unknown, origin: Origin): ReadonlyArray<ContentBlock> =>
  Array.isArray(value) ? value.map((each: unknown) => call(each, origin)) : []

const refusals = ({ refusal }: Schema.JsonObject, origin: Origin): ReadonlyArray<ContentBlock> =>
  Predicate.isString(refusal) && refusal !== "" ? [{ type: "text", text: refusal, refusal: true, ...origin }] : []

const textOf = ({ signature, text }: SignedTexts.Text, origin: Origin): ContentBlock => {
  const block = { type: "text" as const, text, ...origin }
  return signature === undefined ? block : ThoughtSignature.signedBy(block, signature)
}

/** Texts of a message: those behind calls of tools have a place among these. */
interface Texts {
  readonly first: ReadonlyArray<ContentBlock>
  readonly behind: ReadonlyArray<ThinkingBlocks.Placed>
}

/** A signature of the whole message is its last text's. */
const texts = (message: Schema.JsonObject, origin: Origin): Texts => {
  const { content } = message
  const signature = ThoughtSignature.signatureIn(message)
  const signed = SignedTexts.open(signature)
  const split = signed !== undefined && (content == null || Predicate.isString(content))
    ? SignedTexts.split(content ?? "", signed)
    : undefined
  if (split !== undefined) {
    return {
      first: split.filter(({ calls }) => calls === 0).map((each) => textOf(each, origin)),
      behind: split.filter(({ calls }) => calls > 0).map((each) => ({
        block: textOf(each, origin),
        position: ThinkingBlocks.positionBehind(each.calls, true)
      }))
    }
  }
  const blocks = parts(content, origin)
  const last = blocks.findLastIndex(({ type }) => type === "text")
  const own = signed === undefined ? signature : signed.at(-1)?.signature
  return {
    first: blocks.map((block, index) =>
      index === last && own !== undefined ? ThoughtSignature.signedBy(block, own) : block
    ),
    behind: []
  }
}

/** What is left of a message that is no block, and no field of the canonical model. */
export const restOf = (message: Schema.JsonObject): Schema.JsonObject => {
  const { extra_content, ...rest } = without(message, [
    "role",
    "name",
    "tool_call_id",
    ...blockFields
  ])
  const { behind, first } = texts(message, {})
  const hasText = behind.length > 0 || first.some(({ type }) => type === "text")
  const extra = hasText ? ThoughtSignature.restOf(extra_content) : extra_content
  return { ...rest, ...(extra === undefined ? {} : { extra_content: extra }) }
}

/** In the order in which a model makes them: thought, text, images, calls. */
export const blocks = (message: Schema.JsonObject, origin: Origin, isAnswer = false): ReadonlyArray<ContentBlock> => {
  const { behind, first } = texts(message, origin)
  return ThinkingBlocks.inOrder(
    [...ThinkingBlocks.raise(message, origin, isAnswer), ...behind],
    [
      ...first,
      ...refusals(message, origin),
      ...(Array.isArray(message["images"]) ? parts(message["images"], origin) : [])
    ],
    calls(message["tool_calls"], origin)
  )
}
