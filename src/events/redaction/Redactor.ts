/**
 * Masks what must not be stored: known secrets, secrets that can be told by their form or by their key, and what the
 * configured rules name. JSON text stays JSON text.
 */
import { Effect } from "effect"
import type { EventDraft } from "../types/Envelope.ts"
import { headSha256, sha256, textOf } from "../types/Traffic.ts"
import type { IsOwn } from "./JsonRanges.ts"
import * as JsonRanges from "./JsonRanges.ts"
import { isStructured, rewrite, tokens } from "./JsonStrings.ts"
import type { Range } from "./Mask.ts"
import { cover, isMask, mask, merge } from "./Mask.ts"
import * as Redaction from "./Redaction.ts"
import { isSecretKey, isSecretName, isSecretValue, mayHoldSecretKey } from "./RedactionNames.ts"
import * as RedactionPatterns from "./RedactionPatterns.ts"
import { ConfiguredRules, Rules } from "./RedactionRules.ts"
import type { Secrets } from "./Secrets.ts"
import { ConfiguredSecrets } from "./Secrets.ts"

/** Characters of keys written as escapes (`\u0073k-…`), which only decoding shows; not those that Go always escapes. */
const hiddenCharacter = /\\u00(?:2[bBdDeEfF]|3[0-9aAdD]|4|5[0-9aAfF]|6|7)/

/** What is digested is what is stored: a text that lost a secret gets a digest of its own. */
const withDigestOfText = (payload: string): string => {
  const traffic = JSON.parse(payload)
  const head = traffic.head_sha256 === undefined ? {} : { head_sha256: headSha256(traffic.status, traffic.headers) }
  return JSON.stringify({ ...traffic, ...head, sha256: sha256(textOf(traffic)) })
}

export class Redactor {
  /** What masks the events of the server itself. */
  static readonly configured: Effect.Effect<Redactor> = Effect.withFiber((fiber) =>
    Effect.succeed(new Redactor([fiber.getRef(ConfiguredSecrets)], fiber.getRef(ConfiguredRules)))
  )

  #secrets: ReadonlyArray<Secrets>
  readonly #rules: Rules

  constructor(secrets: ReadonlyArray<Secrets> = [], rules: Rules = new Rules([])) {
    this.#secrets = secrets
    this.#rules = rules
  }

  /** These are masked from now on: a request turned out to hold them. */
  learn(secrets: Secrets): void {
    this.#secrets = [...this.#secrets, secrets]
  }

  /** Headers with the values of secret ones masked. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    return this.#rules.headers(headers)
  }

  /** A URL or path with the values of secret query parameters masked, and the parts that are secret when decoded. */
  url(url: string): string {
    if (!/[?%]/.test(url)) return url
    const named = Redaction.url(url, (name) => this.#rules.maskOf(name) ?? (isSecretName(name) ? mask : undefined))
    return named.includes("%")
      ? named.replaceAll(/[^/?&=#]+/g, (part) => this.#isSecretPart(part) ? mask : part)
      : named
  }

  #isSecretPart(part: string): boolean {
    if (!part.includes("%")) return false
    const decoded = Redaction.decoded(part.replaceAll("+", " "))
    return this.text(decoded) !== decoded
  }

  /**
   * True where nothing of a text is masked: asked before the text is taken apart. It stands for any texts joined by line
   * ends. What it lets through no other method changes; not all it holds back is changed.
   */
  isClean(text: string): boolean {
    if (!this.#rules.isEmpty) return false
    for (const secrets of this.#secrets) if (secrets.mayStandIn(text)) return false
    return !RedactionPatterns.mayHold(text) && !hiddenCharacter.test(text) && !mayHoldSecretKey(text)
  }

  /** A text as it may be stored. */
  text(text: string, isOwn?: IsOwn): string {
    const ranges = JsonRanges.fit(text, this.#find(text), isOwn)
    const uncertain = ranges.some((range) => range.uncertain === true) && isStructured(text)
    const masked = cover(text, uncertain ? ranges.filter((range) => range.uncertain !== true) : ranges)
    if (uncertain || hiddenCharacter.test(masked)) {
      return rewrite(masked, (value, key) => isOwn?.(value) === true ? value : this.#value(value, key, true))
    }
    return this.#within(masked)
  }

  /** A text in which is masked already what can be found without taking it apart. */
  #within(text: string): string {
    const quotes = text.includes("\"")
    if (this.#rules.isEmpty) {
      return quotes && mayHoldSecretKey(text) ? rewrite(text, (value, key) => this.#value(value, key, false)) : text
    }
    const masked = quotes && isStructured(text) ? text : this.#ruled(text)
    return quotes ? rewrite(masked, (value, key) => this.#value(value, key, false)) : masked
  }

  /**
   * A text for a client, who gets it as it came but for the secrets that this process knows, in whatever form they stand.
   * They are masked as they are in the log.
   */
  forClient(text: string): string {
    const secret = this.#secretsIn(text)
    const certain = secret.filter((range) => range.uncertain !== true)
    const masked = certain.length === 0 ? text : cover(text, JsonRanges.fit(text, this.#overlapping(text, certain)))
    const escaped = masked.includes("\\") ? rewrite(masked, (value) => this.forClient(value)) : masked
    return certain.length < secret.length && !isStructured(text) ? cover(escaped, this.#secretsIn(escaped)) : escaped
  }

  #secretsIn(text: string): Array<Range> {
    const ranges: Array<Range> = []
    for (const secrets of this.#secrets) secrets.find(text, ranges)
    return ranges
  }

  /** All that is masked where one of these is. */
  #overlapping(text: string, ranges: ReadonlyArray<Range>): ReadonlyArray<Range> {
    return merge(this.#find(text)).filter((range) =>
      ranges.some(({ end, start }) => start < range.end && end > range.start)
    )
  }

  /** All that must not be shown of a text that stands in pieces: what covers it can be cut as they are. */
  ranges(text: string): ReadonlyArray<Range> {
    const ranges = this.#find(text).filter((range) => range.uncertain !== true)
    this.#rules.find(text, ranges)
    if (!text.includes("\"")) return ranges
    for (const { end, key, start, value } of tokens(text)) {
      const mask = key === undefined ? undefined : this.#maskOfValue(key, value)
      if (mask !== undefined && text[start] === "\"") ranges.push({ start: start + 1, end: end - 1, mask })
    }
    return ranges
  }

  /** The payload of an event, JSON text, as it may be stored. */
  payload(payload: string, level: EventDraft["level"], isOwn?: IsOwn): string {
    const masked = this.text(payload, isOwn)
    return masked !== payload && level === "raw" ? withDigestOfText(masked) : masked
  }

  /** An event made elsewhere, as it may be stored. */
  draft(event: EventDraft, isOwn?: IsOwn): EventDraft {
    return this.isClean(event.payload) ? event : { ...event, payload: this.payload(event.payload, event.level, isOwn) }
  }

  #find(text: string): Array<Range> {
    const ranges = RedactionPatterns.find(text)
    for (const secrets of this.#secrets) secrets.find(text, ranges)
    return ranges
  }

  #ruled(text: string): string {
    const ranges: Array<Range> = []
    this.#rules.find(text, ranges)
    return cover(text, ranges)
  }

  /** A string of the text, under its key; `decoded`: as it is now it has not been searched. */
  #value(value: string, key: string | undefined, decoded: boolean): string {
    const mask = key === undefined ? undefined : this.#maskOfValue(key, value)
    return mask ?? (decoded ? this.text(value) : this.#within(value))
  }

  #maskOfValue(key: string, value: string): string | undefined {
    if (value === "" || isMask(value)) return undefined
    return this.#rules.maskOf(key) ?? (isSecretKey(key) && isSecretValue(value) ? mask : undefined)
  }
}
