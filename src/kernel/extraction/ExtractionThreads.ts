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

/** A thread that nobody needs for so long ends, within twice that. */
const idleTime = "30 seconds"
/** How often what a thread holds is measured: its heap has a limit of its own, what stands beside it has none. */
const measureInterval = "200 millis"
const mebibyte = 1024 * 1024

const tooMuchMemory = (limit: number) =>
  new FileUnreadable({
    reason: "too_large",
    message:
      `The file takes more than ${limit} bytes of memory to read. Send it in parts, or raise max_memory_bytes of ` +
      "the file processor."
  })

const timedOut = (seconds: number) =>
  new FileUnreadable({
    reason: "timed_out",
    message:
      `The file takes more than ${seconds} seconds to read. Send it in parts, or raise max_seconds of the file ` +
      "processor."
  })

/** Fails when the thread holds more; else it never ends. */
const withinMemory = (worker: Worker, limit: number): Effect.Effect<never, FileUnreadable> =>
  Effect.promise(() =>
    // It may have ended meanwhile.
    worker.getHeapStatistics().then(
      ({ external_memory = 0, used_heap_size = 0 }) => external_memory + used_heap_size,
      () => 0
    )
  ).pipe(
    Effect.flatMap((bytes) => bytes > limit ? Effect.fail(tooMuchMemory(limit)) : Effect.void),
    Effect.delay(measureInterval),
    Effect.forever
  )

export class ExtractionThreads {
  readonly #limits: ExtractionLimits
  readonly #start: () => Worker
  readonly #permits: Semaphore.Semaphore
  /** Threads that wait for a file, and whether they have for a while. */
  readonly #idle = new Map<Worker, boolean>()
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
    const [worker] = this.#idle.keys()
    if (worker === undefined) return this.#start()
    this.#idle.delete(worker)
    return worker
  }

  #keep(worker: Worker): void {
    worker.removeAllListeners()
    // One that breaks by itself now is not taken again.
    const drop = () => this.#drop(worker)
    if (this.#isClosed) return drop()
    worker.on("error", drop)
    worker.on("exit", drop)
    worker.unref()
    this.#idle.set(worker, false)
  }

  #drop(worker: Worker): void {
    this.#idle.delete(worker)
    void worker.terminate()
  }

  /** Ends threads that nobody has needed since it was called last. */
  readonly sweep = Effect.sync(() => {
    for (const [worker, isOld] of this.#idle) {
      if (isOld) this.#drop(worker)
      else this.#idle.set(worker, true)
    }
  })

  #run(
    file: ExtractedFile,
    chunking: ChunkingStrategy,
    onProgress: (done: number) => void
  ): Effect.Effect<ProcessedFile, FileUnreadable> {
    const limits = this.#limits
    return Effect.suspend(() => {
      const worker = this.#take()
      const reading = this.#ask(worker, { file, chunking, limits }, onProgress)
      return Effect.raceFirst(reading, withinMemory(worker, limits.max_memory_bytes)).pipe(
        Effect.timeoutOrElse({
          duration: Duration.seconds(limits.max_seconds),
          orElse: () => Effect.fail(timedOut(limits.max_seconds))
        })
      )
    })
  }

  /** Interrupted, the thread ends. */
  #ask(
    worker: Worker,
    message: ToThread,
    onProgress: (done: number) => void
  ): Effect.Effect<ProcessedFile, FileUnreadable> {
    return Effect.callback<ProcessedFile, FileUnreadable>((resume) => {
      worker.removeAllListeners()
      let isOver = false
      const end = (): boolean => {
        if (isOver) return false
        return isOver = true
      }
      const fail = (error: FileUnreadable): void => {
        if (!end()) return
        void worker.terminate()
        resume(Effect.fail(error))
      }
      worker.on("message", (answer: FromThread) => {
        if (answer.type === "progress") return isOver ? undefined : onProgress(answer.done)
        if (!end()) return
        this.#keep(worker)
        resume(
          answer.type === "read"
            ? Effect.succeed(answer.file)
            : Effect.fail(new FileUnreadable({ reason: answer.reason, message: answer.message }))
        )
      })
      worker.on("error", (error: Error & { readonly code?: string }) =>
        fail(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? tooMuchMemory(message.limits.max_memory_bytes)
            : new FileUnreadable({ reason: "processor_failed", message: `What reads the file broke: ${error.message}` })
        ))
      worker.on(
        "exit",
        (code) =>
          fail(new FileUnreadable({ reason: "processor_failed", message: `What reads the file ended with ${code}.` }))
      )
      worker.postMessage(message)
      return Effect.promise(() => end() ? worker.terminate() : Promise.resolve(0))
    })
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
            message:
              `The file is longer than ${max_file_bytes} bytes. Send it in parts, or raise max_file_bytes of the ` +
              "file processor."
          })
        )
      }
      if (this.#waiting >= threads + max_waiting) {
        return Effect.fail(
          new FileUnreadable({
            reason: "busy",
            message:
              `${max_waiting} files wait to be read already. Send it again later, or raise threads or max_waiting.`
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
    this.#idle.clear()
    return Promise.all(workers.map((worker) => worker.terminate()))
  })
}

/** Ends them with the scope. */
export const make = Effect.fnUntraced(function*(limits: ExtractionLimits, start?: () => Worker) {
  const threads = yield* Effect.acquireRelease(
    Effect.sync(() => new ExtractionThreads(limits, start)),
    ({ close }) => close
  )
  yield* Effect.forkScoped(Effect.forever(Effect.delay(threads.sweep, idleTime)))
  return threads
})
