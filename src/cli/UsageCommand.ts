/** `strata usage`: what calls used and cost, added up. */
import { Console, Effect, Option, Record } from "effect"
import { Command, Flag } from "effect/cli"
import type { UsageGroup } from "../apis/usage/UsageModels.ts"
import { addAll } from "../events/types/AddAll.ts"
import { Dimension } from "../kernel/cost/UsageTotals.ts"
import { failWithMessage } from "./Failure.ts"
import * as LocalLog from "./LocalLog.ts"
import { url } from "./SessionAccess.ts"
import { local, remote, UsageAccess, UsageRefused } from "./UsageAccess.ts"
import * as UsageReport from "./UsageReport.ts"
import * as UsageTime from "./UsageTime.ts"

const dimensions = Dimension.literals

const isDimension = (text: string): text is Dimension => dimensions.some((dimension) => dimension === text)

/** One or two, each once. */
const dimensionsOf = (text: string): Option.Option<ReadonlyArray<Dimension>> => {
  const names = text.split(",").map((name) => name.trim())
  const fits = names.length <= 2 && names.every(isDimension) && new Set(names).size === names.length
  return fits ? Option.some(names.filter(isDimension)) : Option.none()
}

const only = (name: Dimension, what: string) =>
  Flag.String(name).pipe(Flag.withDescription(`Only calls ${what}`), Flag.optional)

const time = (name: "since" | "until", what: string) =>
  Flag.String(name).pipe(
    Flag.withDescription(`Only calls that were answered ${what}: ${UsageTime.form}`),
    Flag.optional
  )

const flags = {
  by: Flag.String("by").pipe(
    Flag.withDescription(`One or two of ${dimensions.join(", ")}, with a comma`),
    Flag.withDefault("model"),
    Flag.filterMap(
      dimensionsOf,
      (text) => `Expected one or two of ${dimensions.join(", ")}, with a comma, got ${text}`
    )
  ),
  since: time("since", "at this time or later"),
  until: time("until", "before this time"),
  session: only("session", "of this session"),
  model: only("model", "that this model answered"),
  provider: only("provider", "of this provider instance"),
  principal: only("principal", "that this principal asked for"),
  day: only("day", "of this day, UTC"),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("A JSON object a line: the groups, and all of them together"),
    Flag.withDefault(false)
  ),
  ...LocalLog.flags,
  url
}

const timeOf = Effect.fnUntraced(function*(name: string, text: Option.Option<string>) {
  if (Option.isNone(text)) return {}
  const parsed = yield* UsageTime.parse(text.value)
  if (Option.isNone(parsed)) {
    return yield* new UsageRefused({ message: `--${name} ${text.value} is no time. Give ${UsageTime.form}.` })
  }
  return { [name]: parsed.value }
})

/** Page by page; the last page's total is of all. */
const collect = Effect.fnUntraced(function*(parameters: Readonly<Record<string, string>>) {
  const usage = yield* UsageAccess
  const groups: Array<UsageGroup> = []
  let after: { readonly after?: string } = {}
  while (true) {
    const { data, has_more, last_id, total } = yield* usage.page({ ...parameters, ...after, limit: "1000" })
    addAll(groups, data)
    if (!has_more || last_id === null) return { groups, total }
    after = { after: last_id }
  }
})

export const usageCommand = Command.make(
  "usage",
  flags,
  ({ by, config, data, json, since, until, url, ...only }) =>
    Effect.gen(function*() {
      const { day, model, principal, provider, session } = only
      const { groups, total } = yield* collect({
        group_by: by.join(","),
        ...Record.getSomes({ day, model, principal, provider, session }),
        ...yield* timeOf("since", since),
        ...yield* timeOf("until", until)
      })
      const lines = json
        ? [...groups, { object: "usage.total", ...total }].map((each) => JSON.stringify(each))
        : UsageReport.lines(by, groups, total)
      yield* Effect.forEach(lines, (line) => Console.log(line), { discard: true })
    }).pipe(
      Effect.provide(Option.match(url, { onNone: () => local({ config, data }), onSome: remote })),
      failWithMessage
    )
).pipe(Command.withDescription("What calls to models used and cost, added up"))
