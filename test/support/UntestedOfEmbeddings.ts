/** Of embeddings, reranking and text completions: the source files without a test of their own, each with its reason. */

export const untestedOfEmbeddings: ReadonlyArray<{ readonly reason: string; readonly files: ReadonlyArray<string> }> = [
  {
    reason: "declarations of embeddings and reranking; a test would say the same once more",
    files: [
      "src/apis/inference/EmbeddingEvents.ts",
      "src/apis/inference/RerankEvents.ts",
      "src/kernel/dialects/completions/CompletionsWire.ts",
      "src/kernel/embeddings/EmbeddingDialect.ts",
      "src/kernel/embeddings/EmbeddingsWire.ts",
      "src/kernel/rerank/RerankDialect.ts",
      "src/kernel/rerank/RerankWire.ts",
      "src/providers/inline/sentence-transformers/EmbeddingMessages.ts"
    ]
  },
  {
    reason:
      "what asks for embeddings, orders and texts, asked through a whole server: test/kernel/embeddings/EmbeddingVendor, " +
      "test/kernel/rerank/RerankVendor, test/kernel/dialects/completions, test/apis/inference/ValueOperations",
    files: [
      "src/apis/inference/ValueCalls.ts",
      "src/apis/inference/VendorOperations.ts",
      "src/kernel/dialects/ValueVendor.ts",
      ...["PromptContext", "TextChoices"].map((name) => `src/kernel/dialects/completions/${name}.ts`),
      ...["EmbeddingSummary", "GeminiEmbeddings", "OllamaEmbeddings", "RaisedLists"]
        .map((name) => `src/kernel/embeddings/${name}.ts`),
      "src/kernel/embeddings/TextEmbeddingsInference.ts",
      ...["CohereRerank", "LlamaStackRerank", "NvidiaRerank", "RerankAnswer", "RerankSummary", "RerankTexts"]
        .map((name) => `src/kernel/rerank/${name}.ts`),
      "src/kernel/rerank/TextEmbeddingsInferenceRerank.ts"
    ]
  },
  {
    reason: "a program of a thread, run by test/providers/inline/sentence-transformers/EmbeddingThread",
    files: ["src/providers/inline/sentence-transformers/EmbeddingWorker.ts"]
  }
]
