/** The wire a recorded call went over, as its URL tells: the same body means another thing in another dialect. */
import { anthropic } from "../../../kernel/dialects/anthropic/AnthropicDialect.ts"
import { bedrock } from "../../../kernel/dialects/bedrock/BedrockDialect.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import { completions } from "../../../kernel/dialects/completions/CompletionsDialect.ts"
import type { Dialect } from "../../../kernel/dialects/Dialect.ts"
import { gemini } from "../../../kernel/dialects/gemini/GeminiDialect.ts"
import { ollama } from "../../../kernel/dialects/ollama/OllamaDialect.ts"
import { responses } from "../../../kernel/dialects/responses/ResponsesDialect.ts"
import type { WireCall } from "../../../kernel/dialects/WireCall.ts"
import * as RequestKey from "../../../kernel/replay/RequestKey.ts"

/** Those that are answered from recordings. */
export const dialects: ReadonlyArray<Dialect> = [chat, anthropic, responses, gemini, ollama, bedrock, completions]

const withoutQuery = (url: string): string => url.split("?")[0]!

/** Paths that are the same for every model; chat's ends like that of text completions, and stands before it. */
const fixed = [chat, anthropic, responses, ollama, completions].map(({ path }) => path({ model: "", stream: false }))

/** Google has the model in it, and whether the answer streams. */
const ofModel = /\/(?:models|tunedModels)\/([^/:]+):(?:stream)?[gG]enerateContent$/

/** Bedrock, too. */
const ofBedrock = /\/model\/([^/]+)\/converse(?:-stream)?$/

/** Where the vendor answered, without what stands before it; undefined: it is none of these. */
export const pathIn = (url: string): string | undefined => {
  const path = withoutQuery(url)
  return fixed.find((each) => path.endsWith(each)) ?? ofModel.exec(path)?.[0] ?? ofBedrock.exec(path)?.[0]
}

/** The dialect that is spoken at a path. */
export const dialectAt = (path: string): Dialect =>
  ofBedrock.test(path)
    ? bedrock
    : dialects.find((dialect) => withoutQuery(dialect.path({ model: modelIn(path), stream: false })) === path) ?? gemini

/** The model a path names; empty where it names none. */
export const modelIn = (path: string): string =>
  ofModel.exec(path)?.[1] ?? decodeURIComponent(ofBedrock.exec(path)?.[1] ?? "")

const chatPath = withoutQuery(chat.path({ model: "", stream: false }))

/** One key for a body and its wire. */
export const keyOf = (path: string, bodyKey: string): string => path === chatPath ? bodyKey : `${path} ${bodyKey}`

/** The key of a call, by its body as it stands in the log. */
export const keyOfCall = (call: WireCall, body: string): string => {
  const path = withoutQuery(call.dialect.path(call))
  return keyOf(pathIn(path) ?? path, RequestKey.of(body))
}
