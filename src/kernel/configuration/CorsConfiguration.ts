/** The section `server.cors`: which web pages of other origins may use this server from a browser. */
import { Schema } from "effect"
import { flag, texts, whole } from "../provider/FieldSchema.ts"

const example = "for example https://app.example.com"
const own = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+$/

/** What is wrong with an origin; undefined: nothing. */
export const originProblem = (text: string): string | undefined => {
  if (text.includes("*")) {
    return `any page, of anybody, could use this server from its reader's browser: write each origin in full, ${example}`
  }
  if (text === "null") {
    return "it is what any file and any sandboxed frame sends: serve the page from an origin of its own, and name that"
  }
  if (own.test(text)) return undefined
  const { origin } = URL.canParse(text) ? new URL(text) : { origin: "null" }
  if (origin === text) return undefined
  return origin === "null" ? `write a scheme and a host, ${example}` : `write it as browsers send it: ${origin}`
}

const headerProblem = (text: string): string | undefined =>
  /^[\w-]+$/.test(text) ? undefined : "write the name of a header, for example x-request-id"

/** What a page may read of an answer, beside what browsers always show. */
const exposed = [
  "x-request-id",
  "x-strata-session-id",
  "x-strata-token-count",
  "retry-after",
  "retry-after-ms",
  "x-should-retry"
]

export const Cors = Schema.Struct({
  origins: texts({
    description: "Origins whose pages may, exactly as browsers send them, for example [https://app.example.com]. " +
      "Without any, none may"
  }, originProblem),
  credentials: Schema.optionalKey(flag({
    description: "true: browsers send cookies and client certificates too, for a proxy in front that asks for them. " +
      "Strata's own keys need it not. Default false"
  })),
  exposed_headers: texts({
    description: `Headers of answers that pages may read; default [${exposed.join(", ")}]`
  }, headerProblem),
  max_age_s: whole(0, 86_400, {
    description: "How long a browser may remember that it may, in seconds",
    default: 600
  })
}).annotate({
  expected: "a mapping with origins",
  description: "Which web pages of other origins may use this server from a browser; without it none may"
})

export interface CorsSettings {
  readonly origins: ReadonlyArray<string>
  readonly credentials: boolean
  readonly exposedHeaders: ReadonlyArray<string>
  /** Seconds. */
  readonly maxAge: number
}

/** Undefined where no origin is named. */
export const toSettings = (cors: typeof Cors.Type | undefined): CorsSettings | undefined =>
  cors?.origins === undefined || cors.origins.length === 0 ? undefined : {
    origins: cors.origins,
    credentials: cors.credentials ?? false,
    exposedHeaders: cors.exposed_headers ?? exposed,
    maxAge: cors.max_age_s
  }
