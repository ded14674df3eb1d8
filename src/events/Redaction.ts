/** Keeps secrets out of events: by the name of a header or parameter, and by the configured secrets themselves. */
import { Context, Redacted } from "effect"

export const mask = "[REDACTED]"

const names = new Set([
  "access_token",
  "api-key",
  "api_key",
  "apikey",
  "auth",
  "authorization",
  "client_secret",
  "cookie",
  "credential",
  "credentials",
  "key",
  "password",
  "private_key",
  "privatekey",
  "proxy-authorization",
  "refresh_token",
  "secret",
  "set-cookie",
  "token",
  "x-api-key",
  "x-goog-api-key",
  "x-strata-provider-data"
])

export const isSecretName = (name: string): boolean => names.has(name.toLowerCase())

/** Headers with the values of secret ones masked. */
export const headers = (input: Readonly<Record<string, string>>): Record<string, string> => {
  const output: Record<string, string> = {}
  for (const name in input) output[name] = isSecretName(name) ? mask : input[name]!
  return output
}

/** A name that is wrongly encoded stands for itself. */
const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A URL or path with the values of secret query parameters masked. */
export const url = (input: string): string =>
  input.includes("?")
    ? input.replaceAll(/([?&])([^=&#]+)=([^&#]*)/g, (pair, start, name) =>
      isSecretName(decoded(name)) ? `${start}${name}=${mask}` : pair)
    : input

/** A secret may be a number or a list; a flag or nothing is none. */
const isValue = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "number" || Array.isArray(value)

/** A JSON value with what stands under secret names masked; `Redacted` values wherever they stand. */
export const json = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return mask
  if (typeof value === "string") return url(value)
  if (Array.isArray(value)) return value.map(json)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map((
      [name, each]
    ) => [name, isSecretName(name) && isValue(each) ? mask : json(each)])
  )
}

/** Shorter ones would mask ordinary words. */
const shortestSecret = 6

/** What is sent where a key is demanded but none is needed ("ollama"): to mask it would mask ordinary words. */
const word = /^[a-z]{0,16}$/

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The secrets this process knows: configured keys, and what a client sent to authenticate. */
export class Secrets {
  /** The longest first: one may be the beginning of another. */
  #known: ReadonlyArray<string> = []

  /** Known from now on, also as it stands in JSON text, and in JSON text within that. */
  add(secret: string | Redacted.Redacted): void {
    const value = typeof secret === "string" ? secret : Redacted.value(secret)
    if (value.length < shortestSecret || word.test(value)) return
    const forms = [value, quoted(value), quoted(quoted(value))]
    this.#known = [...new Set([...this.#known, ...forms])].sort((left, right) => right.length - left.length)
  }

  mask(text: string): string {
    for (const secret of this.#known) {
      if (text.includes(secret)) text = text.replaceAll(secret, mask)
    }
    return text
  }
}

/** The configured secrets, masked in every event before it is stored. */
export const ConfiguredSecrets = Context.Reference<Secrets>("strata/events/ConfiguredSecrets", {
  defaultValue: () => new Secrets()
})
