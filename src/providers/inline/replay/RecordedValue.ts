/** Recorded embeddings and orders: which dialect a call was in, as its URL tells, and the key it is found by. */
import type { EmbeddingDialect } from "../../../kernel/embeddings/EmbeddingDialect.ts"
import { geminiEmbeddings } from "../../../kernel/embeddings/GeminiEmbeddings.ts"
import { ollamaEmbeddings } from "../../../kernel/embeddings/OllamaEmbeddings.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import { textEmbeddingsInference } from "../../../kernel/embeddings/TextEmbeddingsInference.ts"
import * as RequestKey from "../../../kernel/replay/RequestKey.ts"
import { cohereRerank } from "../../../kernel/rerank/CohereRerank.ts"
import { llamaStackRerank } from "../../../kernel/rerank/LlamaStackRerank.ts"
import { nvidiaRerank } from "../../../kernel/rerank/NvidiaRerank.ts"
import type { RerankDialect } from "../../../kernel/rerank/RerankDialect.ts"
import { textEmbeddingsInferenceRerank } from "../../../kernel/rerank/TextEmbeddingsInferenceRerank.ts"

/** Those that are answered from recordings. */
export const embeddings: ReadonlyArray<EmbeddingDialect> = [
  openAiEmbeddings,
  geminiEmbeddings,
  ollamaEmbeddings,
  textEmbeddingsInference
]

export const rankings: ReadonlyArray<RerankDialect> = [
  llamaStackRerank,
  cohereRerank,
  textEmbeddingsInferenceRerank,
  nvidiaRerank
]

/** Google has the model in it. */
const ofModel = /\/(?:models|tunedModels)\/([^/:]+)(:batchEmbedContents)$/

/** How the paths end; what is the end of another stands behind it. */
const ends = [...embeddings, ...rankings]
  .map(({ path }) => ofModel.exec(path("m"))?.[2] ?? path(""))
  .toSorted((one, other) => other.length - one.length)

const withoutQuery = (url: string): string => url.split("?")[0]!

/** What the vendor's path ended in; undefined: it is none of these. */
export const pathIn = (url: string): string | undefined => ends.find((end) => withoutQuery(url).endsWith(end))

/** The model a URL names; empty where it names none. */
export const modelIn = (url: string): string => ofModel.exec(withoutQuery(url))?.[1] ?? ""

/** One key for a path and a body as it stands in the log. */
export const keyOf = (path: string, body: string): string => `${pathIn(path) ?? path} ${RequestKey.of(body)}`
