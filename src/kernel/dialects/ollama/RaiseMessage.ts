/** A message of Ollama's in the canonical model. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as CallIds from "./CallIds.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

/** What every block of a message says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

export const originOf = (producer: string | undefined): Origin =>
  producer === undefined ? {} : { producer_model: producer }

/** `place`: what tells its message from others; `number`: among the calls of its message. */
export const call = (given: Fields, place: string, number: number, origin: Origin): ContentBlock => {
  const { function: called, ...rest } = given
  const { arguments: input, name, ...more } = isFields(called) ? called : {}
  return {
    type: "tool_call",
    id: CallIds.of(given, place, number),
    name: asText(name),
    input: isFields(input) ? input : {},
    ...optionsOf(dialect, {
      ...Struct.omit(rest, ["id"]),
      ...(Object.keys(more).length === 0 ? {} : { function: more })
    }),
    ...origin
  }
}

export const text = (text: string, origin: Origin): ContentBlock => ({ type: "text", text, ...origin })

export const thinking = (thinking: string, origin: Origin): ContentBlock => ({
  type: "thinking",
  thinking,
  producer_dialect: dialect,
  ...origin
})

const beginnings: ReadonlyArray<readonly [beginning: string, mediaType: string]> = [
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"]
]

/** An image has no type here: its first bytes tell. */
const image = (data: string): ContentBlock => {
  const media_type = beginnings.find(([beginning]) => data.startsWith(beginning))?.[1] ?? "image/png"
  return { type: "image", source: { type: "base64", media_type, data } }
}

const isWords = (value: unknown): value is string => Predicate.isString(value) && value !== ""

export const imagesOf = (images: unknown): ReadonlyArray<ContentBlock> =>
  Array.isArray(images) ? images.filter(Predicate.isString).map(image) : []

/** All but the results of tools. */
export const blocksOf = (message: Fields, place: string, origin: Origin): ReadonlyArray<ContentBlock> => [
  ...(isWords(message["thinking"]) ? [thinking(message["thinking"], origin)] : []),
  ...(isWords(message["content"]) ? [text(message["content"], origin)] : []),
  ...imagesOf(message["images"]),
  ...objectsIn(message["tool_calls"]).map((each, number) => call(each, place, number, origin))
]

const translated = ["role", "content", "thinking", "images", "tool_calls"] as const

/** What the message says besides. */
export const restOf = (message: Fields): Fields =>
  Object.fromEntries(Object.entries(Struct.omit(message, translated)).filter(([, value]) => value !== null))
