/** `remote::openai`: any vendor that speaks OpenAI's dialect (OpenAI, Ollama, vLLM, Groq, a llama.cpp server …). */
import { Schema } from "effect"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"

const own = { base_url: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY" }

export const Config = Schema.Struct(VendorProvider.fields(own))
export type Config = typeof Config.Type

export const OpenAi = VendorProvider.make({
  ...own,
  type: "remote::openai",
  displayName: "OpenAI and compatible",
  description: "Any vendor that speaks OpenAI's dialect, at any base URL.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools"],
  wire: () => ({ dialect: chat })
})
