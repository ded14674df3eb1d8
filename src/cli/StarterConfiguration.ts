/** What is served without a configuration file: what is found on this machine, and the sample session. */
import { Config, Effect, Option } from "effect"
import { HttpClient } from "effect/http"
import { fileURLToPath } from "node:url"
import { defaults } from "../kernel/configuration/Configuration.ts"
import type { SkippedProvider } from "../kernel/provider/ProviderEntry.ts"
import type { ProviderEntry } from "../kernel/provider/ProviderEntry.ts"

/** A session written by us, so that a first request answers with no key and no network. */
export const sampleFile = fileURLToPath(new URL("../../samples/first-light.ndjson", import.meta.url))

const api = "inference"
const ollamaUrl = "http://127.0.0.1:11434"
const probeTimeout = "300 millis"

type Candidate = { readonly entry: ProviderEntry } | { readonly skipped: SkippedProvider }

const skip = (provider_type: string, reason: string): Candidate => ({ skipped: { api, provider_type, reason } })

/** Vendors that are asked where their key is in the environment. */
const keys = { openai: "OPENAI_API_KEY", anthropic: "ANTHROPIC_API_KEY", gemini: "GEMINI_API_KEY" }

const keyed = Effect.forEach(Object.entries(keys), ([provider_id, variable]) => {
  const provider_type = `remote::${provider_id}`
  return Effect.map(Config.option(Config.NonEmptyString(variable)), (key) =>
    Option.match(key, {
      onNone: () => skip(provider_type, `${provider_id}: ${variable} is not set`),
      onSome: (api_key): Candidate => ({ entry: { provider_id, provider_type, config: { api_key } } })
    }))
})

const ollama = Effect.gen(function*() {
  const client = yield* HttpClient.HttpClient
  const answers = yield* client.get(`${ollamaUrl}/v1/models`).pipe(
    Effect.map((response) => response.status === 200),
    Effect.timeoutOption(probeTimeout),
    Effect.map(Option.getOrElse(() => false)),
    Effect.orElseSucceed(() => false)
  )
  return answers
    ? { entry: { provider_id: "ollama", provider_type: "remote::openai", config: { base_url: `${ollamaUrl}/v1` } } }
    : skip("remote::openai", `ollama: nothing answers at ${ollamaUrl}`)
})

const sample: Candidate = {
  entry: { provider_id: "sample", provider_type: "inline::replay", config: { file: sampleFile } }
}

export const detect = Effect.gen(function*() {
  const candidates = [...yield* keyed, yield* ollama, sample]
  return {
    configuration: {
      ...defaults,
      providers: { [api]: candidates.flatMap((each) => "entry" in each ? [each.entry] : []) }
    },
    skipped: candidates.flatMap((each) => "skipped" in each ? [each.skipped] : [])
  }
})
