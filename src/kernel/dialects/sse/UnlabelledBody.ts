/** Tells server-sent events from a text where no content type does: by how the body begins. */
import { Data, Effect } from "effect"
import type { ByteControl, ByteSink } from "../../bytes/ByteSource.ts"
import * as ByteSource from "../../bytes/ByteSource.ts"
import { longestBody } from "../../client/VendorResponse.ts"

const beginning = /^(?:\ufeff)?[\r\n]*(?::|(?:data|event|id|retry):)/

/** Enough to tell. */
const fewest = 8

/** The whole text; or, where events begin, where all of the bytes come from. */
type Body<E> = string | ByteSource.ByteSource<E>

/** The text does not end. */
export class TooLong extends Data.TaggedError("TooLong")<{ readonly message: string }> {}

class Reading<E> implements ByteSink<E> {
  readonly #longest: number
  #begun: Array<Uint8Array> = []
  #begunBytes = 0
  #isText = false
  #last: ((sink: ByteSink<E>) => void) | undefined
  #control: ByteControl | undefined
  /** Who reads the events. */
  #sink: ByteSink<E> | undefined
  #body: Effect.Effect<Body<E>, E | TooLong> | undefined
  #resume: ((body: Effect.Effect<Body<E>, E | TooLong>) => void) | undefined

  constructor(longest: number) {
    this.#longest = longest
  }

  readonly chunk = (bytes: Uint8Array): void => {
    if (this.#sink !== undefined) return this.#sink.chunk(bytes)
    this.#begun.push(bytes)
    this.#begunBytes += bytes.length
    return this.#begunBytes > this.#longest ? this.#giveUp() : this.#examine()
  }

  #giveUp(): void {
    if (this.#body !== undefined) return
    this.#begun = []
    this.#decide(Effect.fail(new TooLong({ message: `its answer is longer than ${this.#longest} bytes` })))
    this.#control?.cancel()
  }

  readonly end = (): void => this.#finish((sink) => sink.end())

  readonly fail: ByteSink<E>["fail"] = (cause) => {
    if (this.#body === undefined) this.#decide(Effect.failCause(cause))
    else this.#finish((sink) => sink.fail(cause))
  }

  #finish(last: (sink: ByteSink<E>) => void): void {
    this.#last = last
    if (this.#sink === undefined) this.#examine()
    else last(this.#sink)
  }

  get #text(): string {
    return Buffer.concat(this.#begun).toString("utf8")
  }

  #examine(): void {
    if (this.#body !== undefined) return
    const isWhole = this.#last !== undefined
    if (!this.#isText) {
      const text = this.#text
      if (!isWhole && text.trimStart().length < fewest) return
      if (beginning.test(text)) return this.#decide(Effect.succeed(ByteSource.make((sink) => this.#pass(sink))))
      this.#isText = true
    }
    if (isWhole) this.#decide(Effect.succeed(this.#text))
  }

  #decide(body: Effect.Effect<Body<E>, E | TooLong>): void {
    this.#body = body
    this.#control?.pause()
    this.#resume?.(body)
  }

  #pass(sink: ByteSink<E>): ByteControl {
    const control = this.#control!
    this.#sink = sink
    for (const bytes of this.#begun) sink.chunk(bytes)
    this.#begun = []
    if (this.#last === undefined) control.resume()
    else this.#last(sink)
    return control
  }

  /** What it is, as soon as it can be told. */
  opened(control: ByteControl): Effect.Effect<Body<E>, E | TooLong> {
    this.#control = control
    if (this.#body === undefined) {
      return Effect.callback((resume) => {
        this.#resume = resume
        return Effect.sync(control.cancel)
      })
    }
    control.pause()
    return this.#body
  }
}

/** `longest`: so many bytes of a text are waited for. */
export const read = <E>(
  source: ByteSource.ByteSource<E>,
  longest = longestBody
): Effect.Effect<Body<E>, E | TooLong> =>
  Effect.suspend(() => {
    const reading = new Reading<E>(longest)
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(source.open(reading), (control) => restore(reading.opened(control)))
    )
  })
