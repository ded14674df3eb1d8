/** The secrets this process knows: configured keys, and what a client sent to authenticate. */
import { Context, Redacted } from "effect"
import { RecentMap } from "../types/RecentMap.ts"
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
  /** True for a form of URLs: it stands in no text without a `%`. */
  readonly percent?: boolean
}

/**
 * The characters of base64 that it alone decides, whatever stands before it (`user:` of a basic authorization): one text
 * for each remainder of the bytes before it.
 */
const inBase64 = (secret: string): ReadonlyArray<string> => {
  const bytes = Buffer.from(secret)
  const texts = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64")
    return encoded.slice(before === 0 ? 0 : before + 1, Math.floor((before + bytes.length) * 8 / 6))
  })
  return [...new Set([...texts, ...texts.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))])]
}

const escapes = /%[0-9A-F]{2}/g

/** In a URL, as it must be and throughout, in either case. */
const inUrl = (secret: string): ReadonlyArray<string> => {
  const usual = encodeURIComponent(secret.toWellFormed())
  const throughout = Buffer.from(secret).toString("hex").replaceAll(/../g, "%$&")
  return [
    usual,
    usual.replaceAll(escapes, (escape) => escape.toLowerCase()),
    throughout,
    throughout.toUpperCase()
  ]
}

/** As it stands in text, in JSON text, in JSON text within that, in a URL, and in base64. */
const formsOf = (secret: string): ReadonlyArray<Form> => {
  const encoded = [
    ...inUrl(secret).map((text) => ({ text, bare: false, percent: text.includes("%") })),
    ...inBase64(secret).map((text) => ({ text, bare: false }))
  ]
  if (plain.test(secret)) return [{ text: secret, bare: false }, ...encoded]
  const once = [quoted(secret), ...escapedElsewhere(secret)]
  const twice = once.map(quoted)
  const inJson = [...once, ...twice, ...twice.map(quoted)]
  return [
    { text: secret, bare: !inJson.includes(secret) },
    ...inJson.map((text) => ({ text, bare: false })),
    ...encoded
  ]
}

/** Clients come again with the same keys. */
const remembered = new RecentMap<string, ReadonlyArray<Form>>(256)

const rememberedFormsOf = (secret: string): ReadonlyArray<Form> => {
  const before = remembered.get(secret)
  if (before !== undefined) return before
  const forms = [...new Map(formsOf(secret).toReversed().map((form) => [form.text, form])).values()].toReversed()
  remembered.set(secret, forms)
  return forms
}

const findForm = (text: string, { bare, text: secret }: Form, ranges: Array<Range>): void => {
  for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + secret.length)) {
    const uncertain = bare || secret.endsWith("\\") || (text[start - 1] === "\\" && escapable.test(secret))
    ranges.push({ start, end: start + secret.length, mask, ...(uncertain ? { uncertain } : {}) })
  }
}

/** So many secrets are looked for one by one: of more, one expression finds any in the time of one or two. */
const mostByThemselves = 2

/** Stands for the text in a regular expression. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)

/** What begins like a long one is held for it. */
const longestSearched = 32

const anyOf = (forms: ReadonlyArray<Form>): RegExp =>
  new RegExp(forms.map(({ text }) => escaped(text.slice(0, longestSearched))).join("|"))

/** Finds whether any stands in a text. */
interface Search {
  readonly anywhere: RegExp
  /** In a text with a `%`. */
  readonly inUrls: RegExp
}

const none = /(?!)/

const searchOf = (all: Iterable<ReadonlyArray<Form>>): Search => {
  const { inUrls = [], anywhere = [] } = Object.groupBy(
    [...all].flat(),
    ({ percent }) => percent === true ? "inUrls" : "anywhere"
  )
  return { anywhere: anyOf(anywhere), inUrls: inUrls.length === 0 ? none : anyOf(inUrls) }
}

export class Secrets {
  readonly #forms = new Map<string, ReadonlyArray<Form>>()
  /** Made when it is needed first. */
  #search: Search | undefined

  /** Known from now on. */
  add(secret: string | Redacted.Redacted): void {
    const value = typeof secret === "string" ? secret : Redacted.value(secret)
    if (value.length < shortestSecret || word.test(value)) return
    this.#forms.set(value, rememberedFormsOf(value))
    this.#search = undefined
  }

  /** Of no use any more. */
  remove(secret: string): void {
    this.#forms.delete(secret)
    this.#search = undefined
  }

  /** True where one stands in a text, in any of its forms, or may. */
  mayStandIn(text: string): boolean {
    const hasPercent = text.includes("%")
    if (this.#forms.size > mostByThemselves) {
      const { anywhere, inUrls } = this.#search ??= searchOf(this.#forms.values())
      return anywhere.test(text) || (hasPercent && inUrls.test(text))
    }
    for (const forms of this.#forms.values()) {
      for (const form of forms) if ((hasPercent || form.percent !== true) && text.includes(form.text)) return true
    }
    return false
  }

  /** Adds where they stand in a text. */
  find(text: string, ranges: Array<Range>): void {
    for (const forms of this.#forms.values()) for (const form of forms) findForm(text, form, ranges)
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
