/** What usage is asked by, and how it is answered. */
import { DateTime, Effect, Option, Schema } from "effect"
import { Dimension, Totals } from "../../kernel/cost/UsageTotals.ts"
import { count, listOf } from "../../kernel/http/Pagination.ts"

const grouping = /^(session|model|provider|principal|day)(,(?!\1(,|$))(session|model|provider|principal|day))?$/

const isDimension = Schema.is(Dimension)

/** What `group_by` names. */
export const dimensionsIn = (text: string): ReadonlyArray<Dimension> => text.split(",").filter(isDimension)

const GroupBy = Schema.String.check(
  Schema.isPattern(grouping, {
    expected: "one or two of session, model, provider, principal and day, separated by a comma"
  })
)

const expectedTime = "a day, 2026-11-27, or a time with its zone, 2026-11-27T08:00:00Z"

const timeForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

/** Milliseconds since 1970; undefined for what is no time. */
export const timeIn = (text: string): number | undefined =>
  timeForm.test(text) ? Option.getOrUndefined(Option.map(DateTime.make(text), DateTime.toEpochMillis)) : undefined

const Time = Schema.String.check(
  Schema.makeFilter((text: string) => timeIn(text) !== undefined, { expected: expectedTime }),
  // Last, for a document shows what is said of a pattern.
  Schema.isPattern(timeForm, { expected: expectedTime })
)

const decodeCursor = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Array(Schema.NullOr(Schema.String)).check(Schema.isBetweenLength(1, 2)))
)

/** The values that `after` names; undefined for what is no id of a group. */
export const cursorIn = (text: string): ReadonlyArray<string | null> | undefined =>
  Option.getOrUndefined(decodeCursor(text))

const Cursor = Schema.String.check(
  Schema.makeFilter((text: string) => cursorIn(text) !== undefined, { expected: "the id of a group" }),
  Schema.isPattern(/^\[.*\]$/s, { expected: "the id of a group" })
)

const name = (description: string, example: string) =>
  Schema.optionalKey(Schema.NonEmptyString).annotate({ description, examples: [example] })

export const UsageQuery = Schema.Struct({
  group_by: GroupBy.pipe(Schema.withDecodingDefaultKey(Effect.succeed("model"))).annotate({
    description: "One or two of `session`, `model`, `provider`, `principal` and `day` (UTC), with a comma. " +
      "Default `model`.",
    default: "model",
    examples: ["day,principal"]
  }),
  since: Schema.optionalKey(Time).annotate({
    description: `Only calls that were answered at this time or later: ${expectedTime}. Default: all.`,
    examples: ["2026-11-20"]
  }),
  until: Schema.optionalKey(Time).annotate({
    description: `Only calls that were answered before this time: ${expectedTime}. Default: all.`,
    examples: ["2026-11-27T08:00:00Z"]
  }),
  session: name("Only calls of this session.", "chat-1"),
  model: name("Only calls that this model answered.", "gpt-4o-2024-08-06"),
  provider: name("Only calls of this provider instance.", "openai"),
  principal: name("Only what this principal asked for.", "alice"),
  day: name("Only calls of this day, UTC.", "2026-11-27"),
  limit: count({ default: 100, maximum: 1000, description: "At most so many groups." }),
  after: Schema.optionalKey(Cursor).annotate({
    description: "Only groups behind this one: its `id`, as `last_id` of the page before gives it. " +
      "Groups are in order of their values.",
    examples: ["[\"2026-11-27\",\"alice\"]"]
  })
})
export type UsageQuery = typeof UsageQuery.Type

const value = (description: string, example: string) =>
  Schema.optionalKey(Schema.NullOr(Schema.String)).annotate({
    description: `${description} Absent: the groups are not by it.`,
    examples: [example]
  })

export const UsageGroup = Schema.Struct({
  id: Schema.String.annotate({
    description: "The values of the group as JSON, in the order of `group_by`.",
    examples: ["[\"2026-11-27\",\"alice\"]"]
  }),
  object: Schema.Literal("usage.group").annotate({ description: "Always `usage.group`.", examples: ["usage.group"] }),
  session: value("The session; null: calls of none.", "chat-1"),
  model: value("The model that answered; where it says nothing, the one that was asked.", "gpt-4o-2024-08-06"),
  provider: value("The provider instance.", "openai"),
  principal: value("Who asked; null: nobody known.", "alice"),
  day: value("The day, UTC.", "2026-11-27"),
  ...Totals.fields
}).annotate({ identifier: "UsageGroup", description: "What the calls of one group used and cost." })
export type UsageGroup = typeof UsageGroup.Type

const example = {
  call_count: 2,
  input_tokens: 2000,
  output_tokens: 200,
  cache_read_tokens: 400,
  cache_write_tokens: 0,
  cache_write_1h_tokens: 0,
  input_audio_tokens: 0,
  output_audio_tokens: 0,
  reasoning_tokens: 0,
  cost: "0.0065",
  currency: "USD",
  unpriced_call_count: 0,
  unpriced: []
} as const

export const UsageList = Schema.Struct({
  ...listOf(UsageGroup).fields,
  total: Totals.annotate({ description: "All calls that fit, those of other pages among them." })
}).annotate({
  identifier: "UsageList",
  description: "Groups of calls in order of their values, and all of them together.",
  examples: [{
    object: "list",
    data: [{ id: "[\"gpt-4o-2024-08-06\"]", object: "usage.group", model: "gpt-4o-2024-08-06", ...example }],
    first_id: "[\"gpt-4o-2024-08-06\"]",
    last_id: "[\"gpt-4o-2024-08-06\"]",
    has_more: false,
    total: example
  }]
})
export type UsageList = typeof UsageList.Type
