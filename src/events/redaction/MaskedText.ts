/** Masks a text that comes in pieces, as it comes: what may be the beginning of a secret waits for the rest. */
import { cover, merge } from "./Mask.ts"
import type { Redactor } from "./Redactor.ts"

/** What keys and tokens are made of, at the end of what has come. */
const unfinished = /[\w\-+/=.:@%~$&?!*]+$/

/** A key of several lines: until its end nobody knows what it is. */
const opening = "-----BEGIN "
const closing = /-----END [^-]{1,80}-----/

/** How much of a text has come to its end. */
const finished = (text: string): number => {
  const begin = text.lastIndexOf(opening)
  const isOpen = begin !== -1 && !closing.test(text.slice(begin))
  return isOpen ? begin : text.length - (unfinished.exec(text)?.[0].length ?? 0)
}

/** So much of what is out already is looked at again with what comes behind it (`Bearer `, `password: `). */
const context = 256

/** What is longer is no secret that could be told by its form. */
const longestHeld = 16_384

/** The masked pieces add up to the masked text, save that a known secret with a space in it may lose its end alone. */
export class MaskedText {
  readonly #redactor: Redactor
  #before = ""
  #held = ""

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** What can be passed now; often less than was added, and nothing is lost. */
  add(piece: string): string {
    const held = this.#held += piece
    const wanted = finished(held)
    return this.#upTo(held.length - wanted > longestHeld ? held.length : wanted)
  }

  /** The rest. */
  end(): string {
    return this.#upTo(this.#held.length, true)
  }

  #upTo(wanted: number, isEnd = false): string {
    if (wanted === 0) return ""
    const before = this.#before
    const text = before + this.#held
    const ranges = this.#redactor.isClean(text) ? [] : merge(this.#redactor.ranges(text)).map((range) => ({
      ...range,
      start: Math.max(0, range.start - before.length),
      end: range.end - before.length
    })).filter(({ end }) => end > 0)
    // One that goes beyond may still grow.
    const open = isEnd ? undefined : ranges.find(({ end }) => end >= wanted)
    const cut = open === undefined ? wanted : Math.min(wanted, open.start)
    const passed = this.#held.slice(0, cut)
    this.#held = this.#held.slice(cut)
    this.#before = (before + passed).slice(-context)
    return cover(passed, ranges.filter(({ end }) => end <= cut))
  }
}
