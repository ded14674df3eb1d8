/** What conditions of a model's targets are asked about: this request, who asks, when, and what targets cost and take. */
import { Clock, DateTime, Effect, Option, Predicate, Result } from "effect"
import type { Schema } from "effect"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { ConditionScope, Variable } from "../../kernel/conditions/ConditionScope.ts"
import { TargetPrices } from "../../kernel/cost/TargetPrices.ts"
import type { WireCall } from "../../kernel/dialects/WireCall.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import * as TokenEstimate from "../../kernel/messages/TokenEstimate.ts"
import type { Latencies } from "../../kernel/reliability/Latencies.ts"

type Request = ConditionScope["request"]

/** Characters of what a client says of itself. */
const longest = 1000

/** Entries of its metadata. */
const most = 64

const textOf = (value: unknown): string =>
  (Predicate.isString(value) ? value : JSON.stringify(value) ?? "").slice(0, longest)

const metadataOf = (metadata: Schema.JsonObject | null | undefined): Request["metadata"] =>
  Object.fromEntries(Object.entries(metadata ?? {}).slice(0, most).map(([name, value]) => [name, textOf(value)]))

const nothing: Request = {
  model: "",
  stream: false,
  messages: 0,
  tools: 0,
  has_tools: false,
  has_images: false,
  estimated_tokens: 0,
  max_output_tokens: 0,
  user: "",
  metadata: {}
}

const ofChat = (request: ChatRequest, model: string): Request => ({
  model,
  stream: request.stream === true,
  messages: request.messages.length,
  tools: request.tools?.length ?? 0,
  has_tools: (request.tools?.length ?? 0) > 0,
  has_images: request.messages.some((message) => blocksOf(message).some(({ type }) => type === "image")),
  estimated_tokens: TokenEstimate.of(request),
  max_output_tokens: request.max_output_tokens ?? 0,
  user: textOf(request.user ?? ""),
  metadata: metadataOf(request.metadata)
})

/** Of a conversation; of one that can't be read, its model alone. */
export const ofCall = ({ body, dialect, model, stream }: WireCall): Request =>
  Result.match(dialect.raise.request(body), {
    onFailure: () => ({ ...nothing, model, stream }),
    onSuccess: (request) => ({ ...ofChat(request, model), stream })
  })

/** Of what is no conversation: `content` is what it is about. */
export const ofValue = (
  { model, user }: { readonly model: string; readonly user?: string | null | undefined },
  content: unknown
): Request => ({
  ...nothing,
  model,
  user: textOf(user ?? ""),
  estimated_tokens: TokenEstimate.ofText(Predicate.isString(content) ? content : JSON.stringify(content) ?? "")
})

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const

const timeOf = (now: number): ConditionScope["time"] => {
  const { hour, minute, weekDay } = DateTime.toPartsUtc(DateTime.makeUnsafe(now))
  return { now: DateTime.formatIso(DateTime.makeUnsafe(now)), hour, minute, weekday: weekdays[weekDay]! }
}

export interface Options {
  readonly targets: ReadonlyArray<string>
  readonly request: () => Request
  readonly latencies: Latencies
  /** Who serves a target. */
  readonly route: (model: string) => Effect.Effect<
    { readonly provider_id: string; readonly provider_resource_id: string },
    unknown
  >
}

const priced = ({ route, targets }: Options, now: number) =>
  Effect.gen(function*() {
    const priceOf = yield* TargetPrices
    const prices: Record<string, { readonly input: number; readonly output: number }> = {}
    for (const target of targets) {
      const served = yield* Effect.option(route(target))
      if (Option.isNone(served)) continue
      const price = priceOf(served.value.provider_id, served.value.provider_resource_id, now)
      if (price !== undefined) prices[target] = price
    }
    return prices
  })

const latenciesOf = ({ latencies, targets }: Options, now: number): ConditionScope["latency"] =>
  Object.fromEntries(targets.flatMap((target) => {
    const latency = latencies.of(target, now)
    return latency === undefined ? [] : [[target, latency]]
  }))

/** What the variables stand for. */
export const of = Effect.fnUntraced(function*(variables: ReadonlySet<Variable>, options: Options) {
  const now = yield* Clock.currentTimeMillis
  const scope: Partial<{ -readonly [Name in Variable]: ConditionScope[Name] }> = {}
  if (variables.has("request")) scope.request = options.request()
  if (variables.has("principal")) {
    const principal = yield* CurrentPrincipal
    scope.principal = { id: principal?.id ?? "", attributes: { ...principal?.attributes } }
  }
  if (variables.has("tenant")) scope.tenant = yield* CurrentTenant
  if (variables.has("time")) scope.time = timeOf(now)
  if (variables.has("price")) scope.price = yield* priced(options, now)
  if (variables.has("latency")) scope.latency = latenciesOf(options, now)
  return scope
})
