/** What is served without a configuration file: what is found on this machine, and the sample session. */
import { Config, Effect, Option } from "effect"
import type { Schema } from "effect"
import { HttpClient } from "effect/http"
import { fileURLToPath } from "node:url"
import { defaults } from "../kernel/configuration/Configuration.ts"
import type { ProviderEntry, SkippedProvider } from "../kernel/provider/ProviderEntry.ts"
import { providerInfo } from "../kernel/provider/ProviderInfo.ts"
import { registry } from "../providers/Registry.ts"

/** A session written by us, so that a first request answers with no key and no network. */
export const sampleFile = fileURLToPath(new URL("../../samples/first-light.ndjson", import.meta.url))

const inference = "inference"
const ollamaUrl = "http://127.0.0.1:11434"
const probeTimeout = "300 millis"

type Candidate = { readonly api: string; readonly entry: ProviderEntry } | { readonly skipped: SkippedProvider }

const entryOf = (
  api: string,
  provider_id: string,
  provider_type: string,
  config: Schema.JsonObject = {}
): Candidate => ({
  api,
  entry: { provider_id, provider_type, config }
})

const skip = (provider_type: string, reason: string): Candidate => ({
  skipped: { api: inference, provider_type, reason }
})

/** Vendors whose absence is worth a word. */
const expected: ReadonlySet<string> = new Set(["remote::openai", "remote::anthropic", "remote::gemini"])

/** A key alone says that these are wanted: models, and web search. */
const wantedByKey: ReadonlySet<string> = new Set([inference, "tool_runtime"])

interface Keyed {
  readonly api: string
  readonly provider_type: string
  readonly variable: string
}

/** A server on this machine is there, or it is not, whatever key it may have. */
const isLocal = (url: string): boolean => /^https?:\/\/(localhost|127\.|\[::1\])/.test(url)

/** Types that need a key and nothing else; of several that find it in one variable the first. */
const needKeyAlone = (): ReadonlyArray<Keyed> =>
  [
    ...new Map(
      registry.map(providerInfo).flatMap(({ api, config_fields, defaults, provider_type }) => {
        const key = config_fields.find(({ id }) => id === "api_key")
        const needsMore = config_fields.some((field) => field !== key && field.required && field.default === null)
        return !wantedByKey.has(api) || key?.env_var == null || needsMore || isLocal(String(defaults["base_url"]))
          ? []
          : [{ api, provider_type, variable: key.env_var }]
      }).toReversed().map((keyed) => [keyed.variable, keyed])
    ).values()
  ].toReversed()

const keyed = Effect.suspend(() =>
  Effect.forEach(needKeyAlone(), ({ api, provider_type, variable }) => {
    const provider_id = provider_type.replace(/^remote::/, "")
    return Effect.map(Config.option(Config.NonEmptyString(variable)), (key): ReadonlyArray<Candidate> => {
      if (Option.isSome(key)) return [entryOf(api, provider_id, provider_type, { api_key: key.value })]
      return expected.has(provider_type) ? [skip(provider_type, `${provider_id}: ${variable} is not set`)] : []
    })
  })
)

const ollama = Effect.gen(function*() {
  const client = yield* HttpClient.HttpClient
  const answers = yield* client.get(`${ollamaUrl}/v1/models`).pipe(
    Effect.map((response) => response.status === 200),
    Effect.timeoutOption(probeTimeout),
    Effect.map(Option.getOrElse(() => false)),
    Effect.orElseSucceed(() => false)
  )
  return answers
    ? entryOf(inference, "ollama", "remote::ollama", { base_url: ollamaUrl })
    : skip("remote::ollama", `ollama: nothing answers at ${ollamaUrl}`)
})

/** What needs no key and no network, and no memory before somebody asks; files stand in the data folder. */
const ofThisProcess: ReadonlyArray<Candidate> = [
  entryOf(inference, "sample", "inline::replay", { file: sampleFile }),
  entryOf(inference, "sentence-transformers", "inline::sentence-transformers"),
  entryOf("files", "files", "inline::localfs"),
  entryOf("file_processors", "auto", "inline::auto"),
  entryOf("vector_io", "sqlite-vec", "inline::sqlite-vec")
]

export const detect = Effect.gen(function*() {
  const candidates = [...(yield* keyed).flat(), yield* ollama, ...ofThisProcess]
  const wanted = candidates.flatMap((each) => "entry" in each ? [each] : [])
  const apis = Map.groupBy(wanted, ({ api }) => api)
  return {
    configuration: {
      ...defaults,
      providers: Object.fromEntries([...apis].map(([api, each]) => [api, each.map(({ entry }) => entry)]))
    },
    skipped: candidates.flatMap((each) => "skipped" in each ? [each.skipped] : [])
  }
})
