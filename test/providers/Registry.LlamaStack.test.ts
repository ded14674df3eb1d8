/** The `inference` section of a Llama Stack run.yaml starts as it stands: of this year, and of earlier ones. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import type { Schema } from "effect"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as ConfigurationFile from "../../src/kernel/configuration/ConfigurationFile.ts"
import * as StackPlan from "../../src/kernel/stack/StackPlan.ts"
import { registry } from "../../src/providers/Registry.ts"
import { asked, urlOf } from "../support/AskedVendors.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const environment = {
  CEREBRAS_API_KEY: "cerebras-key",
  VLLM_URL: "http://vllm:8000/v1",
  NVIDIA_API_KEY: "nvidia-key",
  TOGETHER_API_KEY: "together-key",
  FIREWORKS_API_KEY: "fireworks-key",
  OPENAI_API_KEY: "openai-key",
  ANTHROPIC_API_KEY: "anthropic-key",
  GEMINI_API_KEY: "gemini-key",
  GROQ_API_KEY: "groq-key",
  META_API_KEY: "meta-key",
  SAMBANOVA_API_KEY: "sambanova-key",
  AZURE_API_KEY: "azure-key",
  AZURE_API_BASE: "https://r.openai.azure.com",
  AZURE_API_VERSION: "2024-12-01-preview",
  DATABRICKS_HOST: "https://w.example",
  DATABRICKS_TOKEN: "databricks-key",
  OLLAMA_URL: "http://ollama:11434/v1",
  AWS_BEARER_TOKEN_BEDROCK: "bedrock-key",
  VERTEX_AI_PROJECT: "p",
  VERTEX_AI_ACCESS_TOKEN: "vertex-token"
}

/** By provider: where it asks, and the header that carries its key. */
const expected: Readonly<Record<string, readonly [url: string, header: string, value: string]>> = {
  cerebras: ["https://api.cerebras.ai/v1/chat/completions", "authorization", "Bearer cerebras-key"],
  vllm: ["http://vllm:8000/v1/chat/completions", "authorization", "Bearer fake"],
  fireworks: ["https://api.fireworks.ai/inference/v1/chat/completions", "authorization", "Bearer fireworks-key"],
  together: ["https://api.together.xyz/v1/chat/completions", "authorization", "Bearer together-key"],
  nvidia: ["https://integrate.api.nvidia.com/v1/chat/completions", "authorization", "Bearer nvidia-key"],
  openai: ["https://api.openai.com/v1/chat/completions", "authorization", "Bearer openai-key"],
  anthropic: ["https://api.anthropic.com/v1/messages", "x-api-key", "anthropic-key"],
  gemini: [
    "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
    "x-goog-api-key",
    "gemini-key"
  ],
  groq: ["https://api.groq.com/openai/v1/chat/completions", "authorization", "Bearer groq-key"],
  meta: ["https://api.meta.ai/v1/chat/completions", "authorization", "Bearer meta-key"],
  sambanova: ["https://api.sambanova.ai/v1/chat/completions", "authorization", "Bearer sambanova-key"],
  azure: [
    "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-12-01-preview",
    "api-key",
    "azure-key"
  ],
  ollama: ["http://ollama:11434/api/chat", "content-type", "application/json"],
  bedrock: ["https://bedrock-runtime.us-east-2.amazonaws.com/model/m/converse", "authorization", "Bearer bedrock-key"],
  vertexai: [
    "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent",
    "authorization",
    "Bearer vertex-token"
  ],
  databricks: ["https://w.example/serving-endpoints/chat/completions", "authorization", "Bearer databricks-key"]
}

const planned = (name: string) =>
  Effect.gen(function*() {
    const text = readFileSync(new URL(`../samples/llama-stack/${name}.yaml`, import.meta.url), "utf8")
    const { configuration, skipped } = yield* ConfigurationFile.parse(text, "run.yaml")
    const { providers } = yield* StackPlan.make(registry, configuration)
    return { providers, skipped }
  })

const inEnvironment = (env: Readonly<Record<string, string>>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(env)))

describe("a Llama Stack run.yaml", () => {
  it.live.each(["earlier", "current"])(
    "of %s names: each provider asks its vendor with its key",
    (name) =>
      Effect.gen(function*() {
        const { providers } = yield* planned(name)
        assert.isAtLeast(providers.length, 8)
        for (const { definition, provider_id, written } of providers) {
          const { requests } = yield* asked(definition as (typeof registry)[number], written as Schema.JsonObject)
          const [url, header, value] = expected[provider_id]!
          assert.deepStrictEqual(requests.map(urlOf), [url])
          assert.strictEqual(requests[0]!.headers[header], value, provider_id)
        }
      }).pipe(inEnvironment(environment))
  )

  it.live.each(["earlier", "current"])(
    "of %s names: what has no key in the environment is left out, or says so",
    (name) =>
      Effect.gen(function*() {
        const { providers, skipped } = yield* planned(name)
        assert.isNotEmpty(skipped)
        for (const { definition, provider_id, written } of providers) {
          const { refused, requests } = yield* asked(
            definition as (typeof registry)[number],
            written as Schema.JsonObject
          )
          assert.deepStrictEqual(requests, [], provider_id)
          assert.strictEqual(Object(refused).status, 401)
        }
      }).pipe(inEnvironment({ DATABRICKS_HOST: "https://w.example" }))
  )

  it.live("as a whole: it starts, and says what is left out", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const file = fileURLToPath(new URL("../samples/llama-stack/whole.yaml", import.meta.url))
      const { code, stderr, stdout } = yield* StrataProcess.run(["config", "check", file], { folder })
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /openai \(remote::openai\)/)
      const leftOut = "providers.safety, registered_resources.shields, storage, telemetry"
      assert.include(stdout + stderr, `what Strata has no use for is left out: ${leftOut}`)
    }))
})
