/** Whose pages may ask: a browser says of each request where it comes from, and a page can't change that. */
import type { HttpServerRequest } from "effect/http"
import type { Refused } from "./Refused.ts"

type Headers = HttpServerRequest.HttpServerRequest["headers"]

/** Characters of an origin that are told. */
const longestOrigin = 253

/** The address a page has where it comes from this server, for browsers that only send `Origin`. */
const isOwn = (origin: string, host: string | undefined): boolean =>
  host !== undefined && origin.slice(origin.indexOf("://") + 3) === host.toLowerCase()

const refused = (origin: string | undefined): Refused => {
  const cut = origin?.slice(0, longestOrigin)
  const remedy = cut === undefined
    ? "Open it by its address, or have the page ask with fetch and CORS: server.cors.origins."
    : cut === "null"
    ? "The page has no origin (a file, or a sandboxed frame): serve it from one, and name that: server.cors.origins."
    : `If the page is yours, let it: server.cors.origins: [${cut}].`
  const page = cut === undefined || cut === "null" ? "A page of another origin" : `A page of ${cut}`
  return {
    kind: "origin",
    status: 403,
    code: "origin_not_allowed",
    reason: `${page} asks for this in a browser, and may not. ${remedy}`
  }
}

/** Clients that send neither header are no browsers, or browsers that were told the address by a person. */
export const make = (allowed: ReadonlySet<string>) => (headers: Headers): Refused | undefined => {
  const { host, origin, "sec-fetch-site": site } = headers
  if (site === undefined ? origin === undefined : site === "same-origin" || site === "none") return undefined
  if (origin !== undefined && (allowed.has(origin) || (site === undefined && isOwn(origin, host)))) return undefined
  return refused(origin)
}
