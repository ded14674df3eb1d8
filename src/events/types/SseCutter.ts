/** Cuts the bytes of server-sent events into frames: each with the empty line that ends it, not a byte changed. */

const LF = 10
const CR = 13

/** What of an empty line has been seen: nothing, a line end, one by CR that an LF may follow, a second one by CR. */
const text = 0
const lineEnd = 1
const carriageReturn = 2
const emptyLine = 3

/**
 * Two line ends in a row end a frame; a line ends in LF, CR or CRLF. An LF behind a CR belongs to it, also where it comes
 * with the next bytes.
 */
export class SseCutter {
  #state = text

  /** Where frames end in the next bytes; 0: the frame before had its end already. */
  ends(bytes: Uint8Array): Array<number> {
    const ends: Array<number> = []
    let state = this.#state
    // -1 where there is none any more.
    let nextCR = bytes.indexOf(CR)
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (state === emptyLine) {
        ends.push(byte === LF ? at + 1 : at)
        state = text
        if (byte === LF) continue
      }
      if (byte === LF) {
        if (state === lineEnd) ends.push(at + 1)
        state = state === lineEnd ? text : lineEnd
      } else if (byte === CR) {
        state = state === text ? carriageReturn : emptyLine
      } else {
        state = text
        if (nextCR !== -1 && nextCR < at) nextCR = bytes.indexOf(CR, at)
        const nextLF = bytes.indexOf(LF, at)
        if (nextLF === -1 && nextCR === -1) break
        at = (nextCR === -1 || (nextLF !== -1 && nextLF < nextCR) ? nextLF : nextCR) - 1
      }
    }
    this.#state = state
    return ends
  }
}
