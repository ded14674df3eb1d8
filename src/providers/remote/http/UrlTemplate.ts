/**
 * A URL with places for arguments: `https://api.example.com/users/{id}?fields={fields}`. What is put in is always escaped,
 * and stands in the path or behind `=` in the query, never in the host.
 */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"

const place = /\{([^{}]+)\}/g

/** The arguments a text has places for. */
export const namesIn = (template: string): ReadonlyArray<string> =>
  [...template.matchAll(place)].map(([, name]) => name!)

/** What is wrong with a template; undefined: nothing. */
export const problem = (template: string): string | undefined => {
  const match = /^(https?:\/\/[^/?#]+)([^?#]*)(\?[^#]*)?(#.*)?$/iu.exec(template)
  if (match === null) return "it must be an address that begins with https:// or http://"
  const [, origin = "", path = "", query = "", fragment] = match
  if (/[{}@\s\\]/.test(origin) || !URL.canParse(origin)) {
    return "its host is written out: arguments stand in the path or in the query, and a user and password nowhere"
  }
  if (fragment !== undefined) return "nothing behind # is sent: leave it out"
  const rest = (path + query).replaceAll(place, "")
  if (/[{}\s]/.test(rest)) return "it has a brace without its other, or a space"
  return query.slice(1).split("&").some((pair) => /\{/.test(pair.split("=")[0]!))
    ? "in the query an argument stands behind =: ?city={city}"
    : undefined
}

/** As text in a URL or a header; undefined: it is not there. */
export const textOf = (value: Schema.Json | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined
  return Predicate.isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)
}

/** Half of a character can't be written in a URL. */
const escape = (text: string): string => encodeURIComponent(text.toWellFormed())

const inPath = (path: string, given: Schema.JsonObject): Result.Result<string, string> => {
  let issue: string | undefined
  const filled = path.split("/").map((segment) => {
    const text = segment.replaceAll(place, (_, name: string) => {
      const value = textOf(given[name])
      if (value === undefined || value === "") issue ??= `${name}: it is part of the address, and must not be empty`
      return escape(value ?? "")
    })
    if (segment !== text && /^\.{1,2}$/.test(text)) issue ??= `${namesIn(segment)[0]}: it must not be dots alone`
    return text
  }).join("/")
  return issue === undefined ? Result.succeed(filled) : Result.fail(issue)
}

/** What has no value is left out. */
const inQuery = (query: string, given: Schema.JsonObject): string =>
  query.split("&").flatMap((pair) => {
    const names = namesIn(pair)
    if (names.length > 0 && names.every((name) => textOf(given[name]) === undefined)) return []
    return [pair.replaceAll(place, (_, name: string) => escape(textOf(given[name]) ?? ""))]
  }).join("&")

/** The address for these arguments, or what is wrong with one of them. */
export const fill = (template: string, given: Schema.JsonObject): Result.Result<string, string> => {
  const [before = "", query] = template.split("?", 2)
  const [, origin = "", path = ""] = /^(https?:\/\/[^/]+)(.*)$/i.exec(before) ?? []
  return Result.map(inPath(path, given), (filled) => {
    const asked = query === undefined ? "" : inQuery(query, given)
    return `${origin}${filled}${asked === "" ? "" : `?${asked}`}`
  })
}
