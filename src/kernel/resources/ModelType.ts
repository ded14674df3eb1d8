/** What a model is for. */
import { Schema } from "effect"

export const ModelType = Schema.Literals(["llm", "embedding", "rerank"]).annotate({
  description: "What it does: writes text, makes vectors, or puts texts in order."
})
