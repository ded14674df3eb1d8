/** The text of a call of a custom tool, whose arguments `{"input": "…"}` a model writes piece by piece. */
import { Predicate } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"

const opening = /^\s*\{\s*"input"\s*:\s*"/

/** More than that before its text: the arguments are others. */
const longestOpening = 256

const firstOfTwo = /^(?:[\ud800-\udbff]|\\u[dD][89abAB])/

/** How long the character that begins there is written, or its half; undefined where that goes on in the next piece. */
const lengthAt = (json: string, at: number): number | undefined => {
  const length = json[at] !== "\\" ? 1 : json[at + 1] === "u" ? 6 : 2
  const next = at + length
  if (next > json.length) return undefined
  return next === json.length && firstOfTwo.test(json.slice(at, next)) ? undefined : length
}

export class CustomInput {
  #waiting = ""
  #place: "before" | "within" | "behind" = "before"

  /** More of the arguments; gives the text in it that is whole now. */
  add(piece: string): string {
    if (this.#place === "behind") return ""
    this.#waiting += piece
    if (this.#place === "before") {
      const begun = opening.exec(this.#waiting)
      if (begun === null) {
        if (this.#waiting.length > longestOpening) this.#place = "behind"
        return ""
      }
      this.#place = "within"
      this.#waiting = this.#waiting.slice(begun[0].length)
    }
    return this.#read()
  }

  #read(): string {
    const given = this.#waiting
    let at = 0
    while (at < given.length && given[at] !== "\"") {
      const length = lengthAt(given, at)
      if (length === undefined) break
      at += length
    }
    const value = parse(`"${given.slice(0, at)}"`)
    this.#waiting = given.slice(at)
    if (this.#waiting.startsWith("\"") || !Predicate.isString(value)) this.#place = "behind"
    return Predicate.isString(value) ? value : ""
  }
}
