/** Threads that read files, so many at most: a thread ends with its request, its time or its memory, and harms nobody. */
import { Duration, Effect, Semaphore } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import type { ChunkingStrategy } from "../text/ChunkingStrategy.ts"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import type { ProcessedFile } from "../text/ProcessedFile.ts"
import type { ExtractedFile } from "./Extraction.ts"
import type { ExtractionLimits } from "./ExtractionLimits.ts"
import type { FromThread, ToThread } from "./ExtractionMessages.ts"

/** Sources run as they are, the package as built. */
const program = new URL(`./ExtractionWorker${extname(import.meta.url)}`, import.meta.url)

/** A thread that nobody needs ends after so long, milliseconds. */
const idleTime = 30_000
/** How often what a thread holds besides its heap is measured, milliseconds. */
const measureInterval = 200
const mebibyte = 1024 * 1024

const tooMuchMemory = (limit: number) =>
  new FileUnreadable({
    reason: "too_large",
    message: `The file takes more than ${limit} bytes of memory to read. Send it in parts, or raise max_memory_bytes of ` +
      "the file processor."
  })

const timedOut = (seconds: number) =>
  new FileUnreadable({
    reason: "timed_out",
    message: `The file takes more than ${seconds} seconds to read. Send it in parts, or raise max_seconds of the file ` +
      "processor."
  })

export class ExtractionThreads {
  readonly #limits: ExtractionLimits
  readonly #start: () => Worker
  readonly #permits: Semaphore.Semaphore
  readonly #idle = new Map<Worker, NodeJS.Timeout>()
  #waiting = 0
  #isClosed = false

  constructor(limits: ExtractionLimits, start?: () => Worker) {
    this.#limits = limits
    this.#permits = Semaphore.makeUnsafe(limits.threads)
    this.#start = start ?? (() => {
      const worker = new Worker(program, {
        resourceLimits: { maxOldGenerationSizeMb: Math.max(16, Math.floor(limits.max_memory_bytes / mebibyte)) },
        // Of what libraries write nobody learns anything, and secrets are none of their affair.
        env: {},
        stdout: true,
        stderr: true
      })
      worker.stdout.resume()
      worker.stderr.resume()
      return worker
    })
  }

  /** Threads that wait for a file. */
  get idle(): number {
    return this.#idle.size
  }

  #take(): Worker {
    const [kept] = this.#idle
    if (kept === undefined) return this.#start()
    const [worker, timer] = kept
    clearTimeout(timer)
    this.#idle.delete(worker)
    return worker
  }

  #keep(worker: Worker): void {
    worker.removeAllListeners()
    // One that breaks by itself now is not taken again.
    const drop = () => {
      clearTimeout(this.#idle.get(worker))
      this.#idle.delete(worker)
      void worker.terminate()
    }
    if (this.#isClosed) return drop()
    worker.on("error", drop)
    worker.on("exit", drop)
    worker.unref()
    this.#idle.set(worker, setTimeout(drop, idleTime).unref())
  }

  #run(
    file: ExtractedFile,
    chunking: ChunkingStrategy,
    onProgress: (done: number) => void
  ): Effect.Effect<ProcessedFile, FileUnreadable> {
    const limits = this.#limits
    return Effect.callback<ProcessedFile, FileUnreadable>((resume) => {
      const worker = this.#take()
      worker.removeAllListeners()
      let isOver = false
      const measure = setInterval(() => {
        worker.getHeapStatistics().then(
          ({ external_memory = 0, used_heap_size = 0 }) => {
            if (external_memory + used_heap_size > limits.max_memory_bytes) fail(tooMuchMemory(limits.max_memory_bytes))
          },
          // It has ended meanwhile.
          () => {}
        )
      }, measureInterval).unref()
      const end = (): boolean => {
        if (isOver) return false
        clearInterval(measure)
        return isOver = true
      }
      const fail = (error: FileUnreadable): void => {
        if (!end()) return
        void worker.terminate()
        resume(Effect.fail(error))
      }
      worker.on("message", (message: FromThread) => {
        if (message.type === "progress") return isOver ? undefined : onProgress(message.done)
        if (!end()) return
        this.#keep(worker)
        resume(
          message.type === "read"
            ? Effect.succeed(message.file)
            : Effect.fail(new FileUnreadable({ reason: message.reason, message: message.message }))
        )
      })
      worker.on("error", (error: Error & { readonly code?: string }) =>
        fail(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? tooMuchMemory(limits.max_memory_bytes)
            : new FileUnreadable({ reason: "processor_failed", message: `What reads the file broke: ${error.message}` })
        ))
      worker.on("exit", (code) =>
        fail(new FileUnreadable({ reason: "processor_failed", message: `What reads the file ended with ${code}.` })))
      const message: ToThread = { file, chunking, limits }
      worker.postMessage(message)
      return Effect.promise(() => end() ? worker.terminate() : Promise.resolve(0))
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.seconds(limits.max_seconds),
        orElse: () => Effect.fail(timedOut(limits.max_seconds))
      })
    )
  }

  /** Interrupted, its thread ends. */
  read(
    file: ExtractedFile,
    chunking: ChunkingStrategy,
    onProgress: (done: number) => void = () => {}
  ): Effect.Effect<ProcessedFile, FileUnreadable> {
    return Effect.suspend(() => {
      const { max_file_bytes, max_waiting, threads } = this.#limits
      if (file.bytes.length > max_file_bytes) {
        return Effect.fail(
          new FileUnreadable({
            reason: "too_large",
            message: `The file is longer than ${max_file_bytes} bytes. Send it in parts, or raise max_file_bytes of the ` +
              "file processor."
          })
        )
      }
      if (this.#waiting >= threads + max_waiting) {
        return Effect.fail(
          new FileUnreadable({
            reason: "busy",
            message: `${max_waiting} files wait to be read already. Send it again later, or raise threads or max_waiting.`
          })
        )
      }
      this.#waiting++
      return this.#permits.withPermits(1)(this.#run(file, chunking, onProgress)).pipe(
        Effect.ensuring(Effect.sync(() => void this.#waiting--))
      )
    })
  }

  /** Nobody asks any more. */
  readonly close = Effect.promise(() => {
    this.#isClosed = true
    const workers = [...this.#idle.keys()]
    for (const timer of this.#idle.values()) clearTimeout(timer)
    this.#idle.clear()
    return Promise.all(workers.map((worker) => worker.terminate()))
  })
}

/** Ends them with the scope. */
export const make = (limits: ExtractionLimits, start?: () => Worker) =>
  Effect.acquireRelease(Effect.sync(() => new ExtractionThreads(limits, start)), ({ close }) => close)
