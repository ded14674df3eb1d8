/** Names whose values are secrets: of headers, parameters and settings, and of keys inside bodies. */
import { isMask } from "./Mask.ts"

/** As it is written with underscores, with dashes, and in one. */
const spellings = (name: string): ReadonlyArray<string> => {
  const words = name.split(" ")
  return [words.join("_"), words.join("-"), words.join("")]
}

/** Secret wherever they name a value, also in a body. */
const unambiguous = [
  "access token",
  "account key",
  "api key",
  "api secret",
  "api token",
  "auth token",
  "authorization",
  "aws secret access key",
  "aws session token",
  "bearer token",
  "client secret",
  "connection string",
  "passphrase",
  "passwd",
  "password",
  "private key",
  "proxy authorization",
  "refresh token",
  "secret access key",
  "secret key",
  "session token",
  "shared access key",
  "signing key",
  "signing secret",
  "subscription key",
  "webhook secret",
  "x api key"
]

/** Secret in a header, a parameter or a setting; in a body they are ordinary words (`token` of logprobs). */
const ofTransport = [
  "auth",
  "client assertion",
  "cookie",
  "cookies",
  "credential",
  "credentials",
  "id token",
  "key",
  "ocp apim subscription key",
  "pwd",
  "secret",
  "set cookie",
  "set cookie2",
  "sig",
  "token",
  "x access token",
  "x amz credential",
  "x amz security token",
  "x amz signature",
  "x auth token",
  "x functions key",
  "x goog api key",
  "x goog credential",
  "x goog signature",
  "x strata provider data",
  "x vault token"
]

const inBodies = new Set(unambiguous.flatMap(spellings))
const names = new Set([...unambiguous, ...ofTransport].flatMap(spellings))

/** The name of a header, a query parameter or a setting whose value is a secret; its case does not matter. */
export const isSecretName = (name: string): boolean => names.has(name.toLowerCase())

const headerEnding = /(?:[-_](?:token|secret|password|signature)|api-?key|access-?key)$/

/** Besides those names, what ends as secrets do: `x-acme-token`. */
export const isSecretHeader = (name: string): boolean => {
  const lower = name.toLowerCase()
  return names.has(lower) || headerEnding.test(lower)
}

/** Of an environment variable: `ACME_API_KEY`. */
const variableEnding =
  /^[A-Z][A-Z0-9_]*_(?:API_KEY|API_TOKEN|ACCESS_KEY|ACCESS_TOKEN|AUTH_TOKEN|PASSWORD|PASSPHRASE|PRIVATE_KEY|SECRET|SECRET_KEY|TOKEN)$/

/** The key of a JSON object inside a body whose text is a secret. */
export const isSecretKey = (key: string): boolean => inBodies.has(key.toLowerCase()) || variableEnding.test(key)

const shortestValue = 6
const word = /^[A-Za-z]{0,16}$/
const scheme = /^\w+ \S+$/

/** False for a short text, a word, prose, and what has been masked: in a body they say what a password is, not which. */
export const isSecretValue = (value: string): boolean =>
  value.length >= shortestValue && !word.test(value) && !isMask(value) && (!/\s/.test(value) || scheme.test(value))

/** What may come between a key and its text, however often it is quoted. */
const between = String.raw`\\*"[ ]?:[ ]?\\*"`

/** A text's first character: of one that is not empty, and not masked already. */
const first = String.raw`(?!\[REDACTED)[^"\\]`

/** The last letters of a key before a text are looked for first, which is fast, and then the ones before them. */
const quickKey = new RegExp(
  `(?:[eE][yY]|[eE][nN]|[eE][tT]|[rRwW][dD]|[sS][eE]|[oO][nN]|[nN][gG])${between}${first}` +
    `(?<=(?:[kK][eE][yY]|[kK][eE][nN]|[rR][eE][tT]|[oO][rR][dD]|[sS][wW][dD]|[aA][sS][eE]|[zZ][aA][tT][iI][oO][nN]|` +
    `[rR][iI][nN][gG])${between}.)`
)
const exactKey = new RegExp(
  `(?:[a-z_-](?:key|token)|secret|passw(?:or)?d|passphrase|authorization|connection[-_]?string)${between}${first}`,
  "i"
)

/** False where no key inside the text can be a secret one: asked before the text is taken apart. */
export const mayHoldSecretKey = (text: string): boolean => quickKey.test(text) && exactKey.test(text)
