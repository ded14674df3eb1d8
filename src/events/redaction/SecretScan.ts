/**
 * One pass over a text that only decides whether the patterns for secrets need to be asked. What it lets through, none of
 * them finds: a property test holds that. Most texts pass.
 */

const code = (character: string): number => character.charCodeAt(0)

/** Characters at which one of the checks begins. */
const triggers = new Uint8Array(128)
for (const character of "-_.=@\\:APrR") triggers[code(character)] = 1

/** Two characters as one number. */
const pair = (first: number, second: number): number => (first << 7) | second

/** The last two characters of what vendors' keys begin with, before their dash or underscore. */
const keyEndings = new Uint8Array(1 << 14)
const endings = "sk rk hf hp ho hu hs hr at r8 pm lx pi pp ly v1 v2 ec ai fw sa ve st".split(" ")
for (const letter of "abcdefghijklmnopqrstuvwxyz") endings.push(`x${letter}`)
for (const ending of endings) keyEndings[pair(ending.charCodeAt(0), ending.charCodeAt(1))] = 1

/** The last three letters of names whose values are secrets, in lower case. */
const nameEndings = new Set(["key", "ken", "ret", "ord", "swd", "ase", "ion", "ing"])

/** The end of a secret's name before a colon, however often it is quoted: `key":`, `key\": `. */
const isBehindSecretName = (text: string, colon: number): boolean => {
  let at = colon - 1
  if (text[at] === " ") at--
  if (text[at] !== "\"") return false
  at--
  while (text[at] === "\\") at--
  return nameEndings.has(text.slice(Math.max(0, at - 2), at + 1).toLowerCase())
}

/** Lower case, of letters. */
const lower = (character: number): number => character | 32

const [dash, underscore, dot, equals, at, backslash, colon] = [..."-_.=@\\:"].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number
]
const [e, g, k, n, r, s, t, y] = [..."egknrsty"].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number
]
const [bigA, bigP] = [code("A"), code("P")]

/** True where a pattern may find a secret, or an escape may hide one. */
export const isSuspicious = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character > 127 || triggers[character] === 0) continue
    const before = text.charCodeAt(index - 1)
    switch (character) {
      case underscore:
      case dash: {
        // access_key
        if (lower(before) === s && lower(text.charCodeAt(index + 1)) === k) return true
        const second = text.charCodeAt(index - 2)
        if (before < 128 && second < 128 && keyEndings[pair(second, before)] === 1 && isKey(text, index)) return true
        break
      }
      case dot:
        if (isDotOfToken(text, index, before)) return true
        break
      case equals:
        if (isEndOfParameter(lower(before))) return true
        break
      case at:
        return true
      case backslash:
        if (text.startsWith("u00", index + 1)) return true
        break
      case colon:
        if (isBehindSecretName(text, index)) return true
        break
      case bigA:
        if (isCloudKey(text, index)) return true
        break
      case bigP:
        if (text.startsWith("RIV", index + 1)) return true
        break
      default:
        // The end of `bearer`, and white space.
        if (lower(character) === r && lower(before) === e && lower(text.charCodeAt(index - 2)) === r) {
          const next = text.charCodeAt(index + 1)
          if (next <= 32 || next > 126) return true
        }
    }
  }
  return false
}

const keyCharacters = /^[A-Za-z0-9][A-Za-z0-9_-]{5}/

/** True where at least six characters of a key are behind its sign. */
const isKey = (text: string, sign: number): boolean => keyCharacters.test(text.slice(sign + 1, sign + 7))

/** `api_key=`, `token=`, `secret=`, `signature=`, `sig=`. */
const isEndOfParameter = (before: number): boolean =>
  before === y || before === n || before === t || before === e || before === g

const isCloudKey = (text: string, index: number): boolean =>
  text.startsWith("KIA", index + 1) || text.startsWith("SIA", index + 1) || text.startsWith("Iza", index + 1)

/** Of a JWT, `SG.`, `hvs.`, `ya29.`, and of hooks.slack.com. */
const isDotOfToken = (text: string, index: number, before: number): boolean =>
  text.startsWith("eyJ", index + 1) || text.startsWith("slack", index + 1) || before === code("G") ||
  before === s || before === code("9")
