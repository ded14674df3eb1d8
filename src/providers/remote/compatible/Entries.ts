/** The vendors that speak Chat Completions, one entry each: what their public documents say. */
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import { textEmbeddingsInference } from "../../../kernel/embeddings/TextEmbeddingsInference.ts"
import * as MediaOperation from "../../../kernel/media/MediaOperation.ts"
import { cohereRerank } from "../../../kernel/rerank/CohereRerank.ts"
import { textEmbeddingsInferenceRerank } from "../../../kernel/rerank/TextEmbeddingsInferenceRerank.ts"
import type { Entry } from "./Compatible.ts"
import * as DatabricksModels from "./DatabricksModels.ts"
import * as TextEmbeddingsModels from "./TextEmbeddingsModels.ts"

const tls = "certificates are always verified, with those of NODE_EXTRA_CA_CERTS besides the usual ones"

/** Where a server runs in the user's own house, it is asked without a key. */
const local = { needsKey: "never" } as const

export const entries: ReadonlyArray<Entry> = [
  {
    ...local,
    type: "remote::vllm",
    displayName: "vLLM",
    description: "A vLLM server, by its OpenAI-compatible API.",
    base_url: "http://localhost:8000/v1",
    keyVariable: "VLLM_API_TOKEN",
    withoutEffect: {
      tls_verify: tls,
      max_tokens: "requests say themselves how long an answer may be",
      native_responses: "Chat Completions are asked; remote::openai with api: responses asks Responses",
      fairness_header_attribute: "no header is made of who asks"
    },
    embeddings: { dialect: openAiEmbeddings },
    rerank: { dialect: cohereRerank },
    completions: true,
    media: ["transcription"],
    document: "https://docs.vllm.ai/en/v0.8.4/serving/openai_compatible_server.html",
    status: {
      status: "proven",
      against: "recorded answers of a vLLM server (Qwen3), plain and streamed",
      open: ["five answers are recorded, one of them streamed"]
    }
  },
  {
    ...local,
    type: "remote::llama-cpp-server",
    displayName: "llama.cpp server",
    description: "A llama.cpp server (llama-server), by its OpenAI-compatible API.",
    base_url: "http://localhost:8080/v1",
    keyVariable: "LLAMA_API_KEY",
    embeddings: { dialect: openAiEmbeddings },
    rerank: { dialect: cohereRerank },
    completions: true,
    document: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
  },
  {
    type: "remote::llama-openai-compat",
    displayName: "Llama API",
    description: "Meta's Llama API, by its OpenAI-compatible endpoint, under Llama Stack's earlier name.",
    base_url: "https://api.llama.com/compat/v1",
    keyVariable: "LLAMA_API_KEY",
    urlName: "openai_compat_api_base",
    document: "https://llama.developer.meta.com/docs/features/compatibility"
  },
  {
    type: "remote::meta",
    displayName: "Meta",
    description: "Meta's models, by its OpenAI-compatible API.",
    base_url: "https://api.meta.ai/v1",
    keyVariable: "META_API_KEY",
    document: "https://github.com/ogx-ai/ogx/blob/main/src/ogx/distributions/starter/config.yaml"
  },
  {
    type: "remote::groq",
    displayName: "Groq",
    description: "Open models on Groq's processors; usage of its streams is read where Groq has it, too (x_groq).",
    base_url: "https://api.groq.com/openai/v1",
    keyVariable: "GROQ_API_KEY",
    media: ["speech", "transcription", "translation"],
    document: "https://console.groq.com/docs/openai"
  },
  {
    type: "remote::together",
    displayName: "Together AI",
    description: "Open models hosted by Together AI; its list of models is a bare array.",
    base_url: "https://api.together.xyz/v1",
    keyVariable: "TOGETHER_API_KEY",
    embeddings: { dialect: openAiEmbeddings },
    completions: true,
    media: ["speech", "transcription", "translation", "image_generation"],
    document: "https://docs.together.ai/docs/inference/openai-compatibility"
  },
  {
    type: "remote::fireworks",
    displayName: "Fireworks AI",
    description: "Open models hosted by Fireworks AI.",
    base_url: "https://api.fireworks.ai/inference/v1",
    keyVariable: "FIREWORKS_API_KEY",
    completions: true,
    document: "https://github.com/ogx-ai/ogx/blob/main/src/ogx/distributions/starter/config.yaml"
  },
  {
    type: "remote::mistral",
    displayName: "Mistral AI",
    description: "Mistral's models.",
    base_url: "https://api.mistral.ai/v1",
    keyVariable: "MISTRAL_API_KEY",
    embeddings: { dialect: openAiEmbeddings },
    media: ["moderation", "transcription"],
    document: "https://docs.mistral.ai/api"
  },
  {
    type: "remote::deepseek",
    displayName: "DeepSeek",
    description: "DeepSeek's models; what was read from its cache is counted (prompt_cache_hit_tokens).",
    base_url: "https://api.deepseek.com/v1",
    keyVariable: "DEEPSEEK_API_KEY",
    document: "https://api-docs.deepseek.com"
  },
  {
    type: "remote::openrouter",
    displayName: "OpenRouter",
    description: "Models of many vendors behind one key; headers HTTP-Referer and X-Title name the application.",
    base_url: "https://openrouter.ai/api/v1",
    keyVariable: "OPENROUTER_API_KEY",
    document: "https://openrouter.ai/docs/api-reference/overview"
  },
  {
    type: "remote::nvidia",
    displayName: "NVIDIA NIM",
    description: "Models hosted by NVIDIA, or in a NIM of one's own, which needs no key.",
    base_url: "https://integrate.api.nvidia.com/v1",
    keyVariable: "NVIDIA_API_KEY",
    appendsVersion: true,
    withoutEffect: { rerank_model_to_url: "each model is asked at base_url" },
    embeddings: { dialect: openAiEmbeddings },
    completions: true,
    document: "https://docs.nvidia.com/nim/large-language-models/latest/api-reference.html"
  },
  {
    type: "remote::cerebras",
    displayName: "Cerebras",
    description: "Open models on Cerebras' processors.",
    base_url: "https://api.cerebras.ai/v1",
    keyVariable: "CEREBRAS_API_KEY",
    document: "https://inference-docs.cerebras.ai/resources/openai"
  },
  {
    type: "remote::sambanova",
    displayName: "SambaNova",
    description: "Open models on SambaNova's processors.",
    base_url: "https://api.sambanova.ai/v1",
    keyVariable: "SAMBANOVA_API_KEY",
    document: "https://docs.sambanova.ai/docs/en/features/openai-compatibility"
  },
  {
    type: "remote::databricks",
    displayName: "Databricks",
    description: "Serving endpoints of a Databricks workspace; a model is the name of an endpoint.",
    example: "https://<workspace host>/serving-endpoints",
    path: "/serving-endpoints",
    keyVariable: "DATABRICKS_TOKEN",
    needsKey: "always",
    models: DatabricksModels.models,
    document: "https://docs.databricks.com/machine-learning/model-serving/score-foundation-models.html"
  },
  {
    type: "remote::xai",
    displayName: "xAI",
    description: "Grok, by xAI's API.",
    base_url: "https://api.x.ai/v1",
    keyVariable: "XAI_API_KEY",
    media: ["image_generation"],
    document: "https://docs.x.ai/docs/api-reference"
  },
  {
    type: "remote::runpod",
    displayName: "RunPod",
    description: "A serverless vLLM endpoint of RunPod.",
    example: "https://api.runpod.ai/v2/<endpoint>/openai/v1",
    keyVariable: "RUNPOD_API_TOKEN",
    needsKey: "always",
    completions: true,
    document: "https://docs.runpod.io/serverless/vllm/openai-compatibility"
  },
  {
    ...local,
    type: "remote::lmstudio",
    displayName: "LM Studio",
    description: "Models on this machine in LM Studio.",
    base_url: "http://localhost:1234/v1",
    keyVariable: "LMSTUDIO_API_KEY",
    embeddings: { dialect: openAiEmbeddings },
    completions: true,
    document: "https://lmstudio.ai/docs/api/openai-api"
  },
  {
    ...local,
    type: "remote::text-embeddings-inference",
    displayName: "Text Embeddings Inference",
    description: "Hugging Face's server of models that embed or rerank; it answers no chat.",
    base_url: "http://localhost:8080",
    keyVariable: "TEI_API_KEY",
    chats: false,
    embeddings: { dialect: textEmbeddingsInference },
    rerank: { dialect: textEmbeddingsInferenceRerank },
    models: TextEmbeddingsModels.models,
    document: "https://github.com/huggingface/text-embeddings-inference"
  },
  {
    ...local,
    type: "remote::passthrough",
    displayName: "Passthrough",
    description:
      "Another server that speaks Chat Completions, such as a Llama Stack; an address without a path gets /v1.",
    example: "https://stack.example.com/v1",
    path: "/v1",
    keyVariable: "PASSTHROUGH_API_KEY",
    embeddings: { dialect: openAiEmbeddings },
    completions: true,
    media: MediaOperation.names,
    document: "https://github.com/llamastack/llama-stack"
  }
]
