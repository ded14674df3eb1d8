/**
 * What a vendor's response says that follows from the rest of its event, or that most responses say, is not stored with it.
 * What is implied belongs to the event's version: another would be another event.
 */
import type { Schema } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"

type Fields = Schema.JsonObject

/** What of a response does not follow. */
export interface Vendor {
  readonly says: Fields
  /** Fields that follow, and that it has not. */
  readonly lacks?: ReadonlyArray<string>
}

/** What its fields follow from. */
export interface Around {
  readonly response: string
  readonly created_at: number
  readonly request: Fields
  readonly end: {
    readonly status: string
    readonly usage: Fields | null
    readonly error: Fields | null
    readonly incomplete_details: Fields | null
  } | null
}

/** Fields that repeat the request, as most responses have them where it does not name them. */
const ofMost: Fields = {
  background: false,
  frequency_penalty: 0,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null
}

const repeating = (asked: Schema.Json | undefined, most: Schema.Json): Schema.Json =>
  isFields(asked) && isFields(most) ? { ...most, ...asked } : asked ?? most

/** What follows, besides what is as in most. */
const following = ({ created_at, end, request, response }: Around): Fields => {
  const fields: Record<string, Schema.Json> = {
    id: response,
    object: "response",
    created_at,
    status: end?.status ?? null,
    error: end?.error ?? null,
    incomplete_details: end?.incomplete_details ?? null,
    previous_response_id: null,
    usage: end?.usage ?? null
  }
  for (const name of Object.keys(request)) {
    if (Object.hasOwn(ofMost, name)) fields[name] = repeating(request[name], ofMost[name]!)
  }
  return fields
}

/** All that follow, in the order in which a response that is restored has them. */
const names = [
  "id",
  "object",
  "created_at",
  "status",
  "error",
  "incomplete_details",
  "previous_response_id",
  ...Object.keys(ofMost),
  "usage"
]

const implied = (around: Around): Fields => {
  const follows: Fields = { ...ofMost, ...following(around) }
  return Object.fromEntries(names.map((name) => [name, follows[name]!]))
}

const mostText: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ofMost).map(([name, value]) => [name, JSON.stringify(value)])
)

/** Whether a response has a field as most have it: their text is made once. */
const isAsMost = (name: string, value: Schema.Json): boolean =>
  value === ofMost[name] || typeof value === "object" && JSON.stringify(value) === mostText[name]

const isSame = (one: Schema.Json, other: Schema.Json): boolean =>
  one === other || typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other)

/** Of a vendor's response; its output, which stands elsewhere, is left out. */
export const without = (whole: Fields, around: Around): Vendor => {
  const follows = following(around)
  const says: Array<[string, Schema.Json]> = []
  for (const name of Object.keys(whole)) {
    if (name === "output") continue
    const value = whole[name]!
    const isImplied = Object.hasOwn(follows, name)
      ? isSame(value, follows[name]!)
      : Object.hasOwn(ofMost, name) && isAsMost(name, value)
    if (!isImplied) says.push([name, value])
  }
  const lacks = names.filter((name) => !Object.hasOwn(whole, name))
  return { says: Object.fromEntries(says), ...lacks.length === 0 ? {} : { lacks } }
}

/** As it was. */
export const restored = ({ lacks, says }: Vendor, around: Around): Fields => {
  const whole = { ...implied(around), ...says }
  for (const name of lacks ?? []) Reflect.deleteProperty(whole, name)
  return whole
}
