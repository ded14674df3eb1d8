/** Keeps secrets out of events by the name of a header, a parameter or a setting. */
import { Redacted } from "effect"
import { isMask, mask } from "./Mask.ts"
import { isSecretHeader, isSecretKey, isSecretName, isSecretValue } from "./RedactionNames.ts"

export { mask } from "./Mask.ts"
export { isSecretName } from "./RedactionNames.ts"
export { ConfiguredSecrets, Secrets } from "./Secrets.ts"

/** What stands in place of a name's value; undefined: the value itself. */
type MaskOf = (name: string) => string | undefined

const ofParameter: MaskOf = (name) => isSecretName(name) ? mask : undefined

/** A part of a URL; what is wrongly encoded stands for itself. */
export const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A URL or path with the values of secret query parameters masked. */
export const url = (input: string, maskOf: MaskOf = ofParameter): string =>
  input.includes("?")
    ? input.replaceAll(/([?&])([^=&#]+)=([^&#]*)/g, (pair, start, name, value) => {
      const mask = maskOf(decoded(name))
      return mask === undefined || isMask(value) ? pair : `${start}${name}=${mask}`
    })
    : input

/** A secret may be a number or a list; a flag or nothing is none. */
const isValue = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "number" || Array.isArray(value)

/** The name of a mapping of headers: `headers`, `default_headers`. */
export const isHeaders = (name: string): boolean => /headers$/i.test(name)

/** A JSON value with what stands under secret names masked; `Redacted` values wherever they stand. */
export const json = (value: unknown, isSecret = isSecretName): unknown => {
  if (Redacted.isRedacted(value)) return mask
  if (typeof value === "string") return url(value)
  if (Array.isArray(value)) return value.map((each) => json(each, isSecret))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isSecret(name) && isValue(each) ? mask : json(each, isHeaders(name) ? isSecretHeader : isSecretName)
    ])
  )
}

/** A text with the passwords of the URLs in it masked, of whatever form they are. */
export const passwords = (text: string): string =>
  text.includes("@") ? text.replaceAll(/(\/\/[^\s:@/?#]*:)[^\s/?#]+(?=@)/g, `$1${mask}`) : text

/** A text for people, of what failed: besides passwords of URLs, what it says a secret is (`password=…`). */
export const prose = (text: string): string =>
  passwords(text).replaceAll(
    /([\w-]+)=([^\s&,;"']+)/g,
    (pair, name: string, value: string) => isSecretKey(name) && isSecretValue(value) ? `${name}=${mask}` : pair
  )
