/** `remote::brave-search`: https://api-dashboard.search.brave.com/app/documentation/web-search/get-started */
import { Predicate } from "effect"
import type { Schema } from "effect"
import * as WebSearchProvider from "../../../apis/tool-runtime/WebSearchProvider.ts"
import * as WebSearchTool from "../../../apis/tool-runtime/WebSearchTool.ts"
import { field, isFields, textOrNull } from "../../../events/types/JsonAccess.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"

const textOf = ({ description, extra_snippets }: Schema.JsonObject): string =>
  [description, ...Array.isArray(extra_snippets) ? extra_snippets : []].filter(Predicate.isString).join("\n")

/** Where nothing is there, the answer has no list at all. */
const listIn = (answer: unknown): unknown =>
  field(field(answer, "web"), "results") ??
    (textOrNull(field(answer, "type")) === "search" && isFields(answer) ? [] : undefined)

export const BraveSearch = WebSearchProvider.make({
  type: "remote::brave-search",
  displayName: "Brave Search",
  description: "Searches the web by Brave's Web Search API.",
  base_url: "https://api.search.brave.com/res/v1",
  keyVariable: "BRAVE_SEARCH_API_KEY",
  authentication: ApiKey.inHeader("x-subscription-token"),
  requestOf: (query) => {
    const { count, country } = query
    const parameters = new URLSearchParams({
      q: WebSearchTool.withSites(query),
      count: String(count),
      text_decorations: "false",
      ...country === undefined ? {} : { country }
    })
    return { path: `/web/search?${parameters}` }
  },
  resultsIn: (answer) =>
    WebSearchTool.resultsOf(listIn(answer), (result) => ({
      title: result["title"],
      url: result["url"],
      text: textOf(result),
      published: result["page_age"]
    })),
  status: {
    status: "fixture",
    against: "https://api-dashboard.search.brave.com/app/documentation/web-search/get-started"
  }
})
