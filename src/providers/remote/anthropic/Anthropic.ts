/** `remote::anthropic`: Claude, by Anthropic's Messages API. */
import { Schema } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"
import * as AnthropicBatches from "../../../kernel/batches/AnthropicBatches.ts"
import { anthropic } from "../../../kernel/dialects/anthropic/AnthropicDialect.ts"
import * as AnthropicModels from "./AnthropicModels.ts"

const own = { base_url: "https://api.anthropic.com/v1", keyVariable: "ANTHROPIC_API_KEY" }

/** The version of the API that the dialect is written for. */
const version = "2023-06-01"

export const Config = Schema.Struct(VendorFields.fields(own))
export type Config = typeof Config.Type

export const Anthropic = VendorProvider.make({
  ...own,
  type: "remote::anthropic",
  displayName: "Anthropic",
  description: "Claude, by Anthropic's Messages API: thinking with signatures, prompt caching, parallel tools.",
  config: Config,
  capabilities: ["messages", "chat_completions", "streaming", "tools", "thinking", "vision", "batches"],
  wire: () => ({
    dialect: anthropic,
    headers: { "anthropic-version": version },
    models: { path: "/models?limit=1000", decode: AnthropicModels.decode }
  }),
  batches: AnthropicBatches.make,
  authentication: ApiKey.inHeader("x-api-key"),
  status: {
    status: "fixture",
    against: "https://docs.anthropic.com/en/api/messages",
    open: ["no traffic of Anthropic's is recorded"]
  }
})
