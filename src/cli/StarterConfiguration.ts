/** What is served without a configuration file: what is found on this machine, and the sample session. */
import { Config, Effect, Option } from "effect"
import { HttpClient } from "effect/http"
import { fileURLToPath } from "node:url"
import { defaults } from "../kernel/configuration/Configuration.ts"
import type { ProviderEntry, SkippedProvider } from "../kernel/provider/ProviderEntry.ts"
import { providerInfo } from "../kernel/provider/ProviderInfo.ts"
import { registry } from "../providers/Registry.ts"

/** A session written by us, so that a first request answers with no key and no network. */
export const sampleFile = fileURLToPath(new URL("../../samples/first-light.ndjson", import.meta.url))

const api = "inference"
const ollamaUrl = "http://127.0.0.1:11434"
const probeTimeout = "300 millis"

type Candidate = { readonly entry: ProviderEntry } | { readonly skipped: SkippedProvider }

const skip = (provider_type: string, reason: string): Candidate => ({ skipped: { api, provider_type, reason } })

/** Vendors whose absence is worth a word. */
const expected: ReadonlySet<string> = new Set(["remote::openai", "remote::anthropic", "remote::gemini"])

interface Keyed {
  readonly provider_type: string
  readonly variable: string
}

/** A server on this machine is there, or it is not, whatever key it may have. */
const isLocal = (url: string): boolean => /^https?:\/\/(localhost|127\.|\[::1\])/.test(url)

/** Types that need a key and nothing else; of several that find it in one variable the first. */
const needKeyAlone = (): ReadonlyArray<Keyed> =>
  [
    ...new Map(
      registry.map(providerInfo).flatMap(({ config_fields, defaults, provider_type }) => {
        const key = config_fields.find(({ id }) => id === "api_key")
        const needsMore = config_fields.some((field) => field !== key && field.required && field.default === null)
        return key?.env_var == null || needsMore || isLocal(String(defaults["base_url"]))
          ? []
          : [{ provider_type, variable: key.env_var }]
      }).toReversed().map((keyed) => [keyed.variable, keyed])
    ).values()
  ].toReversed()

const keyed = Effect.suspend(() =>
  Effect.forEach(needKeyAlone(), ({ provider_type, variable }) => {
    const provider_id = provider_type.replace(/^remote::/, "")
    return Effect.map(Config.option(Config.NonEmptyString(variable)), (key): ReadonlyArray<Candidate> => {
      if (Option.isSome(key)) return [{ entry: { provider_id, provider_type, config: { api_key: key.value } } }]
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
    ? { entry: { provider_id: "ollama", provider_type: "remote::ollama", config: { base_url: ollamaUrl } } }
    : skip("remote::ollama", `ollama: nothing answers at ${ollamaUrl}`)
})

/** No key, no network, and no memory before somebody asks. */
const embeddings: Candidate = {
  entry: { provider_id: "sentence-transformers", provider_type: "inline::sentence-transformers", config: {} }
}

/** A folder beside the log's, made when the server starts. */
const files: ProviderEntry = { provider_id: "files", provider_type: "inline::localfs", config: {} }

/** Reads files for vector stores. */
const processors: ProviderEntry = { provider_id: "auto", provider_type: "inline::auto", config: {} }

/** A file beside the log's, made when somebody searches. */
const vectors: ProviderEntry = { provider_id: "sqlite-vec", provider_type: "inline::sqlite-vec", config: {} }

const sample: Candidate = {
  entry: { provider_id: "sample", provider_type: "inline::replay", config: { file: sampleFile } }
}

export const detect = Effect.gen(function*() {
  const candidates = [...(yield* keyed).flat(), yield* ollama, sample, embeddings]
  return {
    configuration: {
      ...defaults,
      providers: {
        [api]: candidates.flatMap((each) => "entry" in each ? [each.entry] : []),
        files: [files],
        file_processors: [processors],
        vector_io: [vectors]
      }
    },
    skipped: candidates.flatMap((each) => "skipped" in each ? [each.skipped] : [])
  }
})
