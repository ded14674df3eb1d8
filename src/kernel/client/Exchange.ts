/** One request on its way through undici, and the bytes of its answer as they come. */
import type { Dispatcher } from "@effect/platform-node/Undici"
import { clearTimeout, setTimeout } from "node:timers"
import type { ByteControl } from "../bytes/ByteSource.ts"
import type { Receiver } from "./ContentDecoding.ts"
import type { TimeLimit } from "./TimeLimitExceeded.ts"
import * as TimeLimitExceeded from "./TimeLimitExceeded.ts"
import type { TimeLimits } from "./TimeLimits.ts"

type Controller = Dispatcher.DispatchController

export type AnswerHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

export interface Options {
  readonly limits: TimeLimits
  /** Sends it; `fresh`: over a connection of its own. */
  readonly dispatch: (exchange: Exchange, fresh: boolean) => void
  /** False for a body that can be read only once. */
  readonly repeatable: boolean
  readonly begun: (status: number, headers: AnswerHeaders) => void
  /** There is no answer. */
  readonly failed: (error: Error) => void
}

/** What a connection says that the vendor had closed before the request came. */
const resets: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"])

/** How long, and for how many bytes, the end of an answer is waited for that nobody reads any more. */
const longestLeave = 1000
const mostLeft = 65_536

const connectTimeout = "UND_ERR_CONNECT_TIMEOUT"

const codeOf = (error: Error): unknown => "code" in error ? error.code : undefined

export class Exchange implements Dispatcher.DispatchHandler {
  /** Whether it goes over a connection that others went over. */
  reused = false
  readonly #options: Options
  #controller: Controller | undefined
  #receiver: Receiver | undefined
  #isRead = false
  /** What came before anyone has asked for it. */
  #unread: Array<Uint8Array> = []
  #unreadBy: (() => void) | undefined
  #answering = false
  #begun = false
  #repeated = false
  #closed = false
  #paused = false
  #left = false
  #ending: ((receiver: Receiver) => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #whole: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
  }

  send(): void {
    const { dispatch, limits: { firstByte, total } } = this.#options
    this.#timer = this.#limit("first_byte", firstByte)
    this.#whole = this.#limit("total", total)
    dispatch(this, false)
  }

  /** Gives the body to its one reader. */
  start(receiver: Receiver): ByteControl {
    if (this.#isRead) {
      receiver.fail(new Error("the answer was read already"))
      return { pause: () => {}, resume: () => {}, cancel: () => {} }
    }
    this.#isRead = true
    this.#unreadBy = undefined
    if (this.#ending === undefined) this.#receiver = receiver
    for (const bytes of this.#unread) receiver.chunk(bytes)
    this.#unread = []
    if (this.#ending === undefined) this.#flow()
    else this.#ending(receiver)
    return {
      pause: () => {
        this.#paused = true
        this.#controller?.pause()
      },
      resume: () => this.#flow(),
      cancel: () => this.abort(),
      leave: () => this.#leave()
    }
  }

  /** Nobody waits for it any more. */
  abort(): void {
    if (this.#closed) return
    const controller = this.#controller
    this.#close()
    controller?.abort(new Error("given up"))
  }

  /** Lets the end come, if it comes soon: the connection can be used again then. */
  #leave(): void {
    if (this.#closed) return
    this.#left = true
    clearTimeout(this.#timer)
    // @effect-diagnostics-next-line globalTimers:off
    this.#timer = setTimeout(() => this.abort(), longestLeave)
    let bytes = 0
    this.#receiver = {
      chunk: (more) => {
        bytes += more.length
        if (bytes > mostLeft) this.abort()
      },
      end: () => {},
      fail: () => {}
    }
    this.#flow()
  }

  /** Calls once where something comes that nobody has asked for so far. */
  onUnread(unread: () => void): void {
    this.#unreadBy = unread
  }

  #flow(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#closed) return
    if (!this.#left) this.#timer?.refresh()
    this.#controller?.resume()
  }

  #limit(limit: TimeLimit, milliseconds: number): NodeJS.Timeout | undefined {
    if (milliseconds === Infinity) return undefined
    // A timer that is begun anew with each piece; a fiber that sleeps and races costs more than all else here.
    // @effect-diagnostics-next-line globalTimers:off
    const timer = setTimeout(() => {
      if (limit === "idle" && this.#paused) return timer.refresh()
      const controller = this.#controller
      const error = TimeLimitExceeded.make(limit, milliseconds)
      this.#fail(error)
      return controller?.abort(error)
    }, milliseconds)
    return timer
  }

  /** What undici has of it, such as the bytes of its headers, is let go. */
  #close(): void {
    this.#closed = true
    this.#controller = undefined
    clearTimeout(this.#timer)
    clearTimeout(this.#whole)
  }

  #finish(ending: (receiver: Receiver) => void): void {
    this.#close()
    this.#ending = ending
    const receiver = this.#receiver
    this.#receiver = undefined
    if (receiver !== undefined) ending(receiver)
  }

  #fail(error: Error): void {
    if (this.#begun) return this.#finish((receiver) => receiver.fail(error))
    this.#close()
    return this.#options.failed(error)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#closed) controller.abort(new Error("given up"))
  }

  onResponseStarted(): void {
    this.#answering = true
  }

  onResponseStart(controller: Controller, status: number, headers: AnswerHeaders): void {
    if (status < 200 || this.#closed) return
    if (status > 599) {
      this.#fail(new Error(`status ${status}, which is none of HTTP`))
      return controller.abort(new Error("given up"))
    }
    this.#begun = true
    clearTimeout(this.#timer)
    this.#timer = this.#limit("idle", this.#options.limits.idle)
    return this.#options.begun(status, headers)
  }

  onResponseData(controller: Controller, bytes: Uint8Array): void {
    if (this.#closed) return
    if (!this.#left) this.#timer?.refresh()
    if (this.#receiver !== undefined) return this.#receiver.chunk(bytes)
    this.#unread.push(bytes)
    this.#paused = true
    controller.pause()
    this.#unreadBy?.()
    this.#unreadBy = undefined
  }

  onResponseEnd(): void {
    if (!this.#closed) this.#finish((receiver) => receiver.end())
  }

  onResponseError(_: Controller | null, error: Error): void {
    if (this.#closed) return
    if (this.reused && !this.#answering && !this.#repeated && this.#options.repeatable && resets.has(codeOf(error))) {
      this.#repeated = true
      this.#controller = undefined
      return this.#options.dispatch(this, true)
    }
    return this.#fail(
      codeOf(error) === connectTimeout ? TimeLimitExceeded.make("connect", this.#options.limits.connect) : error
    )
  }
}
