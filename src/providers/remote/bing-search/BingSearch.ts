/**
 * `remote::bing-search`: Bing's Web Search API, version 7. Microsoft closed it on 11 August 2025, and gives no results of
 * Bing to programs since, but within agents of Azure. What speaks it on is named by `base_url`.
 */
import * as WebSearchProvider from "../../../apis/tool-runtime/WebSearchProvider.ts"
import * as WebSearchTool from "../../../apis/tool-runtime/WebSearchTool.ts"
import { field, textOrNull } from "../../../events/types/JsonAccess.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"

const notice =
  "Microsoft closed Bing's search APIs on 2025-08-11: nothing answers at api.bing.microsoft.com. Name what " +
  "speaks version 7 on as base_url, or take remote::tavily-search, remote::brave-search or remote::exa-search"

/** Where nothing is there, the answer has no list at all. */
const listIn = (answer: unknown): unknown =>
  field(field(answer, "webPages"), "value") ??
    (textOrNull(field(answer, "_type")) === "SearchResponse" ? [] : undefined)

export const BingSearch = WebSearchProvider.make({
  type: "remote::bing-search",
  displayName: "Bing Search",
  description: "Searches the web by version 7 of Bing's Web Search API, which Microsoft closed on 11 August 2025.",
  base_url: "https://api.bing.microsoft.com/v7.0",
  keyVariable: "BING_API_KEY",
  authentication: ApiKey.inHeader("ocp-apim-subscription-key"),
  countName: "top_k",
  notice,
  requestOf: (query) => {
    const { count, country } = query
    const parameters = new URLSearchParams({
      q: WebSearchTool.withSites(query),
      count: String(count),
      responseFilter: "Webpages",
      ...country === undefined ? {} : { cc: country }
    })
    return { path: `/search?${parameters}` }
  },
  resultsIn: (answer) =>
    WebSearchTool.resultsOf(listIn(answer), ({ datePublished, name, snippet, url }) => ({
      title: name,
      url,
      text: snippet,
      published: datePublished
    })),
  status: {
    status: "fixture",
    against: "https://learn.microsoft.com/en-us/previous-versions/bing/search-apis/bing-web-search/",
    open: [notice]
  }
})
