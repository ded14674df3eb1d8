/** What a person sees when the server is up: where it is, who answers, and a request to copy. */
import type { Model } from "../apis/models/ModelsModels.ts"
import type { Provider } from "../apis/providers/ProvidersModels.ts"
import type { SkippedProvider } from "../kernel/provider/ProviderEntry.ts"

interface ModelName extends Pick<Model, "id" | "provider_id"> {
  /** Absent: it writes text. */
  readonly model_type?: Model["custom_metadata"]["model_type"] | undefined
}

export interface Contents {
  readonly version: string
  readonly url: string
  /** Where the log is kept. */
  readonly data: string
  readonly level: string
  readonly providers: ReadonlyArray<Provider>
  /** In order of id. */
  readonly models: ReadonlyArray<ModelName>
  /** Types of what says who asks; none: everyone is anonymous. */
  readonly authentication: ReadonlyArray<string>
  readonly skipped: ReadonlyArray<SkippedProvider>
}

const line = (name: string, value: string) => `  ${name.padEnd(12)}${value}`

const providerLine =
  (models: ReadonlyArray<ModelName>) => ({ api, health, provider_id, provider_type }: Provider): string => {
    const count = models.filter((model) => model.provider_id === provider_id).length
    const serves = api !== "inference" ? api : count === 1 ? "1 model" : `${count} models`
    const state = health.message === null ? "" : `, unhealthy: ${health.message}`
    return line("", `${provider_id} (${provider_type}): ${serves}${state}`)
  }

/** What a model can be asked first. */
const questionFor = ({ model_type = "llm" }: ModelName) => {
  switch (model_type) {
    case "llm":
      return { path: "/v1/chat/completions", body: `"messages": [{"role": "user", "content": "Say hello."}]` }
    case "embedding":
      return { path: "/v1/embeddings", body: `"input": "Hello."` }
    case "rerank":
      return { path: "/v1alpha/inference/rerank", body: `"query": "A pet", "items": ["A cat", "A car"]` }
  }
}

const curl = (url: string, model: ModelName, authenticates: boolean): string => {
  const { body, path } = questionFor(model)
  return [
    `  curl ${url}${path} \\`,
    ...authenticates ? ["    -H \"authorization: Bearer $STRATA_API_KEY\" \\"] : [],
    "    -H 'content-type: application/json' \\",
    `    -d '{"model": "${model.id}", ${body}}'`
  ].join("\n")
}

/** A model of a provider that answers from a recording needs nothing: it makes the first request. */
const firstModel = ({ models, providers }: Contents): ModelName | undefined => {
  const recorded = providers.find(({ provider_type }) => provider_type === "inline::replay")
  return models.find(({ provider_id }) => provider_id === recorded?.provider_id) ??
    models.find(({ model_type = "llm" }) => model_type === "llm") ?? models[0]
}

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [line(title, lines[0]!.trim()), ...lines.slice(1)]

export const text = (contents: Contents): string => {
  const { authentication, data, level, models, providers, skipped, url, version } = contents
  const model = firstModel(contents)
  return [
    "",
    `Strata ${version}`,
    "",
    line("API", `${url}/v1   (the base URL of any OpenAI client)`),
    line("Reference", `${url}/docs`),
    line("Events", `${url}/v1/events?follow=true`),
    line("Recording", `${level} to ${data}`),
    ...authentication.length === 0 ? [] : [line("Access", `by ${[...new Set(authentication)].join(", ")}`)],
    ...section("Providers", providers.map(providerLine(models))),
    ...section("Skipped", skipped.map(({ reason }) => line("", reason))),
    "",
    ...(model === undefined
      ? ["No model is served yet. A configuration file (--config) names providers."]
      : ["A first request:", "", curl(url, model, authentication.length > 0)]),
    ""
  ].join("\n")
}
