/**
 * Names by which a Llama Stack run.yaml configures a provider type: they are taken, so that its `inference` section starts
 * as it stands. What of them has no effect is said when the provider starts.
 */
import { Predicate, Redacted, Schema } from "effect"
import * as BaseUrl from "../../kernel/client/BaseUrl.ts"
import type { CrossFieldCheck } from "../../kernel/provider/CrossFieldCheck.ts"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { maximumTimerMs, texts, wholeNumber } from "../../kernel/provider/FieldSchema.ts"

const taken = FieldPrompt.annotate({ hidden: true })

const written = Schema.String.check(Schema.isPattern(/^\d+(\.\d+)?$/, { expected: "a number of seconds" }))

const seconds = Schema.NullOr(Schema.Union([Schema.Finite.check(Schema.isGreaterThan(0)), written])).annotate({
  expected: "a number of seconds"
})

const ofNetwork = (description: string) => ({ description: `Of Llama Stack. ${description}` })

const Network = Schema.Struct({
  tls: Schema.optionalKey(Schema.NullOr(Schema.JsonObject).annotate(ofNetwork("No effect."))),
  proxy: Schema.optionalKey(Schema.NullOr(Schema.JsonObject).annotate(ofNetwork("No effect."))),
  timeout: Schema.optionalKey(
    Schema.Union([
      seconds,
      Schema.Struct({
        connect: Schema.optionalKey(seconds.annotate(ofNetwork("connect_timeout_ms, in seconds."))),
        read: Schema.optionalKey(seconds.annotate(ofNetwork("timeout_ms, in seconds.")))
      })
    ]).annotate(ofNetwork("timeout_ms, in seconds, or both limits."))
  ),
  headers: Schema.optionalKey(
    Schema.NullOr(Schema.Record(Schema.String, Schema.String)).annotate(ofNetwork("Sent with every request."))
  )
})

/** An earlier name of base_url. */
export const url = Schema.optionalKey(BaseUrl.field).annotate({
  description: "Llama Stack's earlier name of base_url."
})
  .pipe(taken)

/** What is taken and has no effect. */
export const ignored = Schema.optionalKey(Schema.Json).annotate({ description: "Of Llama Stack; no effect." }).pipe(
  taken
)

export const fields = {
  url,
  api_token: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Llama Stack's name of api_key, for some types."
  }).pipe(taken),
  allowed_models: texts({ description: "Llama Stack's name of models." }).pipe(taken),
  refresh_models: Schema.optionalKey(Schema.Json).annotate({
    description: "Of Llama Stack; no effect: lists of models are always refreshed."
  }).pipe(taken),
  timeout: Schema.optionalKey(wholeNumber(1, 2_147_483, { description: "Llama Stack's timeout_ms, in seconds." }))
    .pipe(taken),
  network: Schema.optionalKey(Schema.NullOr(Network)).annotate({
    description: "Of Llama Stack: `headers` and `timeout` (seconds) are taken; `tls` and `proxy` have no effect."
  }).pipe(taken)
}

/** Some types have names of their own for it. */
const urlNames = ["url", "api_base", "openai_compat_api_base"] as const

const struct = Schema.Struct(fields)
type Written = typeof struct.Type & { readonly [Name in typeof urlNames[number]]?: string }

/** What these names stand for. */
export interface Named {
  readonly base_url?: string
  readonly api_key?: Redacted.Redacted
  readonly models?: ReadonlyArray<string>
  readonly headers: Readonly<Record<string, string>>
  readonly timeout_ms: number
  readonly connect_timeout_ms: number
}

const isKey = (key: Redacted.Redacted | undefined): key is Redacted.Redacted =>
  key !== undefined && Redacted.value(key) !== ""

const milliseconds = (seconds: number | string | null | undefined, usual: number): number =>
  seconds == null ? usual : Math.min(maximumTimerMs, Math.max(1, Math.round(Number(seconds) * 1000)))

/** The configuration under its own names; what stands under those of Llama Stack goes before defaults, and not else. */
export const resolve = <Config extends Named & Written>(config: Config): Config & Named => {
  const { allowed_models, api_key, api_token, network, timeout } = config
  const url = urlNames.map((name) => config[name]).find(Predicate.isNotUndefined)
  const limit = network?.timeout
  const read = typeof limit === "object" ? limit?.read : limit
  const connect = typeof limit === "object" ? limit?.connect : undefined
  const key = isKey(api_key) ? api_key : api_token
  const models = config.models ?? allowed_models
  return {
    ...config,
    ...url === undefined ? {} : { base_url: url },
    ...key === undefined ? {} : { api_key: key },
    ...models === undefined ? {} : { models },
    headers: { ...network?.headers, ...config.headers },
    timeout_ms: milliseconds(read ?? timeout, config.timeout_ms),
    connect_timeout_ms: milliseconds(connect, config.connect_timeout_ms)
  }
}

/** What is taken and does nothing: the field, and why. */
export type WithoutEffect = Readonly<Record<string, string>>

const withoutEffect: WithoutEffect = {
  refresh_models: "lists of models are always refreshed",
  "network.tls": "certificates are always verified, with those of NODE_EXTRA_CA_CERTS besides the usual ones",
  "network.proxy": "vendors are reached directly"
}

const at = (config: object, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => Predicate.hasProperty(value, key) ? value[key] : undefined, config)

const isWritten = (value: unknown): boolean => value !== undefined && value !== null && value !== ""

/** A line for each field that is configured and does nothing. `more`: those of the type alone. */
export const notices = (config: object, more: WithoutEffect = {}): ReadonlyArray<string> =>
  Object.entries({ ...withoutEffect, ...more })
    .filter(([path]) => isWritten(at(config, path)) && at(config, path) !== false)
    .map(([path, reason]) => `${path} has no effect: ${reason}`)

const same: ReadonlyArray<readonly [name: string, own: string]> = [
  ...urlNames.map((name) => [name, "base_url"] as const),
  ["api_token", "api_key"],
  ["allowed_models", "models"]
]

/** Nothing is said twice. */
export const check: CrossFieldCheck = (written) =>
  same.filter(([name, own]) => isWritten(written[name]) && isWritten(written[own])).map(([name, own]) => ({
    key: name,
    message: `it is another name of ${own}, which stands there, too: leave one of them out`
  }))

/** For a type that has no address of its own: it is there, under whatever name. */
export const checkUrl: CrossFieldCheck = (written) =>
  ["base_url", ...urlNames].some((name) => isWritten(written[name]))
    ? []
    : [{ key: "base_url", message: "missing: say where the API of the vendor is" }]
