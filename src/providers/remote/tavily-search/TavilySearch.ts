/** `remote::tavily-search`: https://docs.tavily.com/documentation/api-reference/endpoint/search */
import * as WebSearchProvider from "../../../apis/tool-runtime/WebSearchProvider.ts"
import * as WebSearchTool from "../../../apis/tool-runtime/WebSearchTool.ts"
import { field } from "../../../events/types/JsonAccess.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"

/** Tavily wants it in English, in small letters. */
const countryName = (code: string): string | undefined =>
  new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(code)?.toLowerCase()

export const TavilySearch = WebSearchProvider.make({
  type: "remote::tavily-search",
  displayName: "Tavily",
  description: "Searches the web by Tavily's Search API.",
  base_url: "https://api.tavily.com",
  keyVariable: "TAVILY_SEARCH_API_KEY",
  authentication: ApiKey.bearer,
  requestOf: ({ allowedDomains, count, country, query }) => {
    const name = country === undefined ? undefined : countryName(country)
    return {
      path: "/search",
      body: {
        query,
        max_results: count,
        ...allowedDomains.length === 0 ? {} : { include_domains: allowedDomains },
        ...name === undefined ? {} : { country: name }
      }
    }
  },
  resultsIn: (answer) =>
    WebSearchTool.resultsOf(field(answer, "results"), ({ content, published_date, title, url }) => ({
      title,
      url,
      text: content,
      published: published_date
    })),
  status: { status: "fixture", against: "https://docs.tavily.com/documentation/api-reference/endpoint/search" }
})
