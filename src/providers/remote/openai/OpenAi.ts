/** `remote::openai`: any vendor that speaks a dialect of OpenAI's (OpenAI, Ollama, vLLM, Groq, a llama.cpp server …). */
import { Effect, Schema } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as OpenAiBatches from "../../../kernel/batches/OpenAiBatches.ts"
import { chat, openAiChat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../kernel/dialects/Dialect.ts"
import { compatibleResponses, responses } from "../../../kernel/dialects/responses/ResponsesDialect.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import * as MediaOperation from "../../../kernel/media/MediaOperation.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { flag } from "../../../kernel/provider/FieldSchema.ts"
import { cohereRerank } from "../../../kernel/rerank/CohereRerank.ts"

const own = { base_url: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY" }

export const Config = Schema.Struct({
  ...VendorFields.fields(own),
  api: Schema.Literals(["chat_completions", "responses"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("chat_completions" as const))
  ).annotate({
    description: "Which of OpenAI's APIs is asked. `responses`: reasoning comes back encrypted, and goes back to the " +
      "vendor with the conversation, which the vendor does not store; clients of other dialects are translated. Default " +
      "`chat_completions`, which most compatible vendors speak."
  }).pipe(FieldPrompt.annotate({ prompt: "API of the vendor" })),
  custom_tools: Schema.optionalKey(
    flag({
      description:
        "true: the vendor has custom tools, which take text and no JSON. false: it is told of a function with " +
        "one text in place of each. Absent: true where `base_url` is OpenAI's or Azure's, false elsewhere."
    })
  ).pipe(FieldPrompt.annotate({ prompt: "Whether the vendor has custom tools" }))
})
export type Config = typeof Config.Type

/** Hosts of OpenAI's own models: most others that speak its dialects refuse what they do not know of them. */
const hosts = [".openai.com", ".openai.azure.com"]

const isOpenAis = (base_url: string): boolean => {
  const { hostname } = new URL(base_url)
  return hosts.some((host) => hostname.endsWith(host))
}

/** The API that is asked, with so much of it as its vendor has. */
export const dialectOf = (
  { api, base_url, custom_tools = isOpenAis(base_url) }: Pick<Config, "api" | "base_url" | "custom_tools">
): Dialect => {
  if (api === "responses") return custom_tools ? responses : compatibleResponses
  return custom_tools ? openAiChat : chat
}

export const OpenAi = VendorProvider.make({
  ...own,
  type: "remote::openai",
  displayName: "OpenAI and compatible",
  description: "Any vendor that speaks OpenAI's Chat Completions or Responses, at any base URL.",
  config: Config,
  capabilities: [
    "chat_completions",
    "responses",
    "completions",
    "embeddings",
    "rerank",
    "batches",
    ...MediaOperation.names,
    "streaming",
    "tools"
  ],
  embeddings: { dialect: openAiEmbeddings },
  rerank: { dialect: cohereRerank },
  completions: true,
  batches: (options) => OpenAiBatches.make(options, ["/v1/chat/completions", "/v1/embeddings", "/v1/completions"]),
  media: MediaOperation.names,
  wire: (config) => ({ dialect: dialectOf(config) }),
  status: {
    status: "proven",
    against: "recorded Chat Completions of OpenAI (gpt-4o, o4-mini), plain and streamed, and an error",
    open: ["api: responses was tried against answers written by hand"]
  }
})
