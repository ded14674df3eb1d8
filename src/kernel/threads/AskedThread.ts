/** A thread that is asked: started by the first who asks, replaced when it breaks, ended with its owner. */
import { Effect } from "effect"
import type { Worker } from "node:worker_threads"

export interface Options<From extends { readonly id: number }, Answer, Failure> {
  readonly start: () => Worker
  /** What a message of the thread means for who asked. */
  readonly answerOf: (message: From) => Effect.Effect<Answer, Failure>
  /** The failure of all who wait where the thread ends. */
  readonly broken: (message: string) => Failure
  /** Questions that may wait for the thread, and the failure of the next; absent: whoever asks bounds them. */
  readonly bound?: { readonly most: number; readonly full: (most: number) => Failure }
}

export class AskedThread<From extends { readonly id: number }, Answer, Failure> {
  readonly #options: Options<From, Answer, Failure>
  readonly #waiting = new Map<number, (answer: Effect.Effect<Answer, Failure>) => void>()
  /** What the thread has before it: also what nobody waits for any more, but where it was told so. */
  readonly #open = new Set<number>()
  #worker: Worker | undefined
  #count = 0

  constructor(options: Options<From, Answer, Failure>) {
    this.#options = options
  }

  get isStarted(): boolean {
    return this.#worker !== undefined
  }

  /** How many wait for an answer. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Who asks again at once waits already for another thread. */
  #failAll(message: string): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const resume of all) resume(Effect.fail(this.#options.broken(message)))
  }

  #start(): Worker {
    const worker = this.#options.start()
    const end = (message: string) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#open.clear()
      this.#failAll(message)
    }
    worker.on("message", (message: From) => {
      if (this.#worker === worker) this.#open.delete(message.id)
      const resume = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      resume?.(this.#options.answerOf(message))
    })
    worker.on("error", (error) => end(`its thread failed: ${error.message}`))
    worker.on("exit", (code) => end(`its thread ended with ${code}`))
    worker.unref()
    return worker
  }

  /** `left`: what the thread is told where nobody waits any more; absent: it does what it has begun. */
  ask(question: (id: number) => object, left?: (id: number) => object): Effect.Effect<Answer, Failure> {
    return Effect.callback((resume) => {
      const { bound } = this.#options
      if (bound !== undefined && this.#open.size >= bound.most) return resume(Effect.fail(bound.full(bound.most)))
      const id = ++this.#count
      const worker = this.#worker ??= this.#start()
      this.#waiting.set(id, resume)
      this.#open.add(id)
      worker.postMessage(question(id))
      return Effect.sync(() => {
        if (!this.#waiting.delete(id) || left === undefined) return
        this.#open.delete(id)
        worker.postMessage(left(id))
      })
    })
  }

  /** Nobody asks any more. `before`: what the thread is waited for. */
  close(before: (worker: Worker) => Effect.Effect<unknown> = () => Effect.void): Effect.Effect<void> {
    return Effect.suspend(() => {
      const worker = this.#worker
      this.#worker = undefined
      this.#open.clear()
      this.#failAll("the provider is stopped")
      return worker === undefined
        ? Effect.void
        : Effect.asVoid(Effect.andThen(before(worker), Effect.promise(() => worker.terminate())))
    })
  }
}
