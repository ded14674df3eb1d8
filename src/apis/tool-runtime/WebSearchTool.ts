/** The tool `web_search`: what models may ask, and how results read, whoever searches. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool } from "../../kernel/tools/ToolDefinition.ts"

export const name = "web_search"

export const mostResults = 20

export interface WebSearchQuery {
  readonly query: string
  readonly count: number
  /** Pages of these hosts alone; empty: of any. */
  readonly allowedDomains: ReadonlyArray<string>
  /** Where who asks is, ISO 3166-1; undefined: nobody says. */
  readonly country: string | undefined
}

export interface WebSearchResult {
  readonly title: string
  readonly url: string
  readonly text: string
  /** When the page was published, as its vendor writes it. */
  readonly published?: string | undefined
}

export const definition: ProviderTool = {
  name,
  description: "Searches the web, and gives pages with pieces of their text.",
  input_schema: {
    type: "object",
    properties: {
      query: { type: "string", minLength: 1, maxLength: 2000, description: "What to search for, in words." },
      max_results: { type: "integer", minimum: 1, maximum: mostResults, description: "How many pages." },
      allowed_domains: {
        type: "array",
        items: { type: "string", pattern: "^[A-Za-z0-9.-]{1,253}$" },
        maxItems: 100,
        description: "Pages of these hosts alone: example.com."
      },
      country: { type: "string", pattern: "^[A-Za-z]{2}$", description: "Where who asks is, ISO 3166-1: NO." }
    },
    required: ["query"]
  },
  output_schema: {
    type: "object",
    properties: {
      query: { type: "string" },
      results: {
        type: "array",
        items: {
          type: "object",
          properties: { title: { type: "string" }, url: { type: "string" }, text: { type: "string" } }
        }
      }
    }
  },
  annotations: { title: "Web search", readOnlyHint: true, openWorldHint: true },
  metadata: { searches_web: true }
}

/** Whether a tool that another server lists is this one: its results read the same. */
export const isListed = (tool: Pick<ProviderTool, "name" | "metadata">): boolean =>
  tool.name === name && tool.metadata?.["searches_web"] === true

/** Of arguments that keep to the tool's schema. */
export const queryOf = (given: Schema.JsonObject, usualCount: number): WebSearchQuery => {
  const { allowed_domains, country, max_results } = given
  return {
    query: textOrNull(given["query"]) ?? "",
    count: Predicate.isNumber(max_results) ? max_results : usualCount,
    allowedDomains: Array.isArray(allowed_domains) ? allowed_domains.filter(Predicate.isString) : [],
    country: textOrNull(country)?.toUpperCase()
  }
}

/** For vendors that know no list of hosts: as people write it into a query. */
export const withSites = ({ allowedDomains, query }: WebSearchQuery): string =>
  allowedDomains.length === 0
    ? query
    : `${query} ${
      allowedDomains.length === 1
        ? `site:${allowedDomains[0]}`
        : `(${allowedDomains.map((domain) => `site:${domain}`).join(" OR ")})`
    }`

/** Results of a list, whose members call what is in them so; those without an address are none. Undefined: it is no list. */
export const resultsOf = (
  list: unknown,
  read: (result: Schema.JsonObject) => {
    readonly title: unknown
    readonly url: unknown
    readonly text: unknown
    readonly published?: unknown
  }
): ReadonlyArray<WebSearchResult> | undefined =>
  !Array.isArray(list) ? undefined : objectsIn(list).flatMap((each) => {
    const { published, text, title, url } = read(each)
    const address = textOrNull(url)
    if (address === null || !URL.canParse(address) || !/^https?:/i.test(address)) return []
    return [{
      title: textOrNull(title) ?? address,
      url: address,
      text: textOrNull(text) ?? "",
      published: textOrNull(published) ?? undefined
    }]
  })

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`

/** Longest name of a page. */
const longestTitle = 300

/** For the model, and as a value. */
export const resultOf = (
  { count, query }: WebSearchQuery,
  pages: ReadonlyArray<WebSearchResult>,
  longestText: number
): ToolCallResult => {
  const results = pages.slice(0, count).map(({ published, text, title, url }) => ({
    title: cut(title, longestTitle),
    url,
    text: cut(text, longestText),
    ...published === undefined ? {} : { published }
  }))
  return {
    content: [{ type: "text", text: textOf(results) }],
    structured_content: { query, results },
    is_error: false
  }
}

const textOf = (results: ReadonlyArray<WebSearchResult>): string =>
  results.length === 0
    ? "Nothing was found on the web."
    : results.map(({ published, text, title, url }, place) =>
      [
        `[${place + 1}] ${title}`,
        `URL: ${url}`,
        ...published === undefined ? [] : [`Published: ${published}`],
        text
      ].join("\n")
    ).join("\n\n")

/** The results in a result of the tool. */
export const resultsIn = (structured: unknown): ReadonlyArray<WebSearchResult> =>
  resultsOf(field(structured, "results"), ({ published, text, title, url }) => ({ published, text, title, url })) ?? []
