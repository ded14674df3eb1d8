/** `remote::gemini`: Google's Gemini, by the Gemini API. */
import { Schema } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import { gemini } from "../../../kernel/dialects/gemini/GeminiDialect.ts"
import { interactions } from "../../../kernel/dialects/interactions/InteractionsDialect.ts"
import { geminiEmbeddings } from "../../../kernel/embeddings/GeminiEmbeddings.ts"
import * as GeminiAuthentication from "./GeminiAuthentication.ts"
import * as GeminiModels from "./GeminiModels.ts"

const own = { base_url: "https://generativelanguage.googleapis.com/v1beta", keyVariable: "GEMINI_API_KEY" }

export const Config = Schema.Struct({ ...VendorFields.fields(own), ...GeminiAuthentication.fields })
export type Config = typeof Config.Type

export const Gemini = VendorProvider.make({
  ...own,
  type: "remote::gemini",
  displayName: "Google Gemini",
  description: "Gemini, by Google's generateContent: thought signatures, thinking budgets, parallel tools.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision", "embeddings"],
  embeddings: { dialect: geminiEmbeddings },
  wire: () => ({
    dialect: gemini,
    also: [interactions],
    models: { path: "/models?pageSize=1000", decode: GeminiModels.decode }
  }),
  authentication: GeminiAuthentication.geminiAuthentication,
  status: {
    status: "proven",
    against: "recorded generateContent of Gemini models, plain and streamed, as Google answered on Vertex AI",
    open: ["no generateContent is recorded of generativelanguage.googleapis.com itself"]
  }
})
