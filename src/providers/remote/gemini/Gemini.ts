/** `remote::gemini`: Google's Gemini, by the Gemini API. */
import { Schema } from "effect"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"
import { gemini } from "../../../kernel/dialects/gemini/GeminiDialect.ts"
import { geminiEmbeddings } from "../../../kernel/embeddings/GeminiEmbeddings.ts"
import * as GeminiModels from "./GeminiModels.ts"

const own = { base_url: "https://generativelanguage.googleapis.com/v1beta", keyVariable: "GEMINI_API_KEY" }

export const Config = Schema.Struct(VendorProvider.fields(own))
export type Config = typeof Config.Type

export const Gemini = VendorProvider.make({
  ...own,
  type: "remote::gemini",
  displayName: "Google Gemini",
  description: "Gemini, by Google's generateContent: thought signatures, thinking budgets, parallel tools.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision", "embeddings"],
  embeddings: { dialect: geminiEmbeddings },
  wire: () => ({ dialect: gemini, models: { path: "/models?pageSize=1000", decode: GeminiModels.decode } }),
  authentication: ApiKey.inHeader("x-goog-api-key")
})
