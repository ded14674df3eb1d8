/**
 * `remote::ollama`: models on one's own machine, by Ollama's own API. Its OpenAI endpoint knows neither `num_ctx` nor
 * `think`, and says less of why an answer ends: clients are translated, and lose nothing of these.
 */
import { Effect, Schema, Struct } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import { ollama } from "../../../kernel/dialects/ollama/OllamaDialect.ts"
import { ollamaEmbeddings } from "../../../kernel/embeddings/OllamaEmbeddings.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as OllamaModels from "./OllamaModels.ts"

const own = { base_url: "http://localhost:11434", keyVariable: "OLLAMA_API_KEY" }

const common = VendorFields.fields(own)

export const Config = Schema.Struct({
  ...Struct.omit(common, ["base_url"]),
  base_url: common.base_url.annotate({
    description: `Where the server is. \`/v1\` or \`/api\` at its end means the same server. Default ${own.base_url}.`
  }).pipe(FieldPrompt.annotate({ env: "OLLAMA_URL", prompt: "URL of the Ollama server" })),
  api: Schema.Literals(["native", "chat_completions"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("native" as const))
  ).annotate({
    description: "Which of Ollama's APIs is asked. `native`: /api/chat, with Ollama's own options, thinking and " +
      "reasons; clients of other dialects may send `options`, `think`, `format`, `keep_alive` as Ollama has them. " +
      "`chat_completions`: its OpenAI endpoint, to which the bytes of such clients pass. Default `native`."
  }).pipe(FieldPrompt.annotate({ prompt: "API of the server" }))
})
export type Config = typeof Config.Type

/** The server itself, whichever of its APIs a URL names. */
const serverOf = ({ base_url }: Config): string => {
  const { path, query } = BaseUrl.partsOf(base_url)
  const server = path.replace(/\/(v1|api)$/, "")
  return query === "" ? server : `${server}?${query}`
}

export const Ollama = VendorProvider.make({
  ...own,
  needsKey: "never",
  type: "remote::ollama",
  displayName: "Ollama",
  description: "Models on one's own machine, by Ollama's own API: its options, thinking, tools, images.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision", "embeddings"],
  embeddings: { dialect: ollamaEmbeddings },
  address: serverOf,
  wire: ({ api }) => ({
    ...(api === "native" ? { dialect: ollama } : { dialect: chat, path: () => "/v1/chat/completions" }),
    models: { path: "/api/tags", decode: OllamaModels.decode }
  }),
  status: {
    status: "proven",
    against: "recorded Chat Completions of Ollama's OpenAI endpoint, plain and streamed (`api: chat_completions`)",
    open: ["of its own API no traffic is recorded: answers are written by hand from the public document"]
  }
})
