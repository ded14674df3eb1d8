/** Where a vendor's API begins: what its query says is said with each request, behind the path. */
import { Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Redaction from "../../events/redaction/Redaction.ts"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import { url } from "../provider/FieldSchema.ts"

/** What is wrong with one; undefined: nothing. */
const problemOf = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined
  const { password, username } = new URL(text)
  if (username !== "" || password !== "") {
    return "a name and a password have no place in it: put the key into api_key, or a header of its own into headers"
  }
  return text.includes("#") ? "what stands behind # is never sent: leave it out" : undefined
}

/** The field of a configuration. */
export const field = url.check(Schema.makeFilter(problemOf))

interface Parts {
  /** Without slashes at its end. */
  readonly path: string
  /** Without the question mark; empty where there is none. */
  readonly query: string
}

export const partsOf = (text: string): Parts => {
  const [path = "", ...query] = text.split("?")
  return { path: path.replace(/\/+$/, ""), query: query.join("?") }
}

const secretsOf = (query: string): ReadonlyArray<string> =>
  [...new URLSearchParams(query)].flatMap(([name, value]) => Redaction.isSecretName(name) ? [value] : [])

/** Puts it before the path of a request. What is secret in its query is known as such from then on. */
export const prepend = Effect.fnUntraced(function*({ path, query }: Parts) {
  const secrets = yield* ConfiguredSecrets
  for (const secret of secretsOf(query)) secrets.add(secret)
  if (query === "") return HttpClientRequest.prependUrl(path)
  return (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest => {
    const own = partsOf(request.url)
    const both = own.query === "" ? query : `${query}&${own.query}`
    return HttpClientRequest.setUrl(request, `${path}${request.url.split("?")[0]}?${both}`)
  }
})
