/** The secrets this process knows: configured keys, and what a client sent to authenticate. */
import { Context, Redacted } from "effect"
import type { Range } from "./Mask.ts"
import { cover, mask } from "./Mask.ts"

/** Shorter ones would mask ordinary words. */
const shortestSecret = 6

/** What is sent where a key is demanded but none is needed ("ollama"): to mask it would mask ordinary words. */
const word = /^[a-z]{0,16}$/

/** Reads the same in JSON text and in a URL. */
const plain = /^[\w.~-]*$/

/** What may be the second character of an escape. */
const escapable = /^["\\/bfnrtu]/

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)

/** As JSON encoders of other languages write it: `\/` (PHP), `\u003c` (Go). */
const escapedElsewhere = (text: string): ReadonlyArray<string> => [
  quoted(text).replaceAll("/", "\\/"),
  quoted(text).replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
]

interface Form {
  readonly text: string
  /** True for a form that JSON text does not have as such: parts of it may be parts of escapes there. */
  readonly bare: boolean
}

/** As it stands in text, in JSON text, in JSON text within that, and in a URL. */
const formsOf = (secret: string): ReadonlyArray<Form> => {
  if (plain.test(secret)) return [{ text: secret, bare: false }]
  const once = [quoted(secret), ...escapedElsewhere(secret)]
  const twice = once.map(quoted)
  const inJson = [...once, ...twice, ...twice.map(quoted), encodeURIComponent(secret.toWellFormed())]
  return [{ text: secret, bare: !inJson.includes(secret) }, ...inJson.map((text) => ({ text, bare: false }))]
}

export class Secrets {
  readonly #forms = new Map<string, Form>()

  /** Known from now on. */
  add(secret: string | Redacted.Redacted): void {
    const value = typeof secret === "string" ? secret : Redacted.value(secret)
    if (value.length < shortestSecret || word.test(value)) return
    for (const form of formsOf(value)) if (!this.#forms.has(form.text)) this.#forms.set(form.text, form)
  }

  /** True where one stands in a text, in any of its forms. */
  mayStandIn(text: string): boolean {
    for (const secret of this.#forms.keys()) if (text.includes(secret)) return true
    return false
  }

  /** Adds where they stand in a text. */
  find(text: string, ranges: Array<Range>): void {
    for (const { bare, text: secret } of this.#forms.values()) {
      for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + secret.length)) {
        const uncertain = bare || secret.endsWith("\\") || (text[start - 1] === "\\" && escapable.test(secret))
        ranges.push({ start, end: start + secret.length, mask, ...(uncertain ? { uncertain } : {}) })
      }
    }
  }

  mask(text: string): string {
    const ranges: Array<Range> = []
    this.find(text, ranges)
    return cover(text, ranges)
  }
}

/** The configured secrets, masked in every event before it is stored. */
export const ConfiguredSecrets = Context.Reference<Secrets>("strata/events/redaction/Secrets/ConfiguredSecrets", {
  defaultValue: () => new Secrets()
})
