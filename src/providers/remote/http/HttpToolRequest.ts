/** The request of an HTTP tool for its arguments. */
import { Record, Redacted, Result, Struct } from "effect"
import type { Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpTool } from "./HttpToolsConfig.ts"
import * as UrlTemplate from "./UrlTemplate.ts"

/** What a header can carry: nothing that ends it. */
const carried = /^[\t\x20-\x7e]*$/

const headersFor = (
  { headers }: Pick<HttpTool, "headers">,
  given: Schema.JsonObject
): Result.Result<Readonly<Record<string, string>>, string> => {
  const filled: Record<string, string> = {}
  for (const [name, template] of Object.entries(headers)) {
    const places = UrlTemplate.namesIn(template)
    if (places.length > 0 && places.every((place) => UrlTemplate.textOf(given[place]) === undefined)) continue
    const text = template.replaceAll(/\{([^{}]+)\}/g, (_, place: string) => UrlTemplate.textOf(given[place]) ?? "")
    if (!carried.test(text)) return Result.fail(`${places.join(", ")}: a header carries visible ASCII alone`)
    filled[name] = text
  }
  return Result.succeed(filled)
}

const used = ({ headers, url }: HttpTool): ReadonlyArray<string> => [
  ...UrlTemplate.namesIn(url),
  ...Object.values(headers).flatMap(UrlTemplate.namesIn)
]

const bodied: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"])

/** Or what is wrong with an argument. `secret`: headers of every request. */
export const make = (
  tool: HttpTool,
  given: Schema.JsonObject,
  secret: Readonly<Record<string, Redacted.Redacted>>
): Result.Result<HttpClientRequest.HttpClientRequest, string> =>
  Result.flatMap(UrlTemplate.fill(tool.url, given), (url) =>
    Result.map(headersFor(tool, given), (headers) => {
      const request = HttpClientRequest.make(tool.method)(url).pipe(
        HttpClientRequest.setHeaders({ accept: "application/json, text/*, */*", ...headers }),
        HttpClientRequest.setHeaders(Record.map(secret, Redacted.value))
      )
      if (!bodied.has(tool.method)) return request
      return HttpClientRequest.bodyJsonUnsafe(request, Struct.omit(given, used(tool)))
    }))
