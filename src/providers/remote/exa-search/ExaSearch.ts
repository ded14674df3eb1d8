/** `remote::exa-search`: https://docs.exa.ai/reference/search */
import * as WebSearchProvider from "../../../apis/tool-runtime/WebSearchProvider.ts"
import * as WebSearchTool from "../../../apis/tool-runtime/WebSearchTool.ts"
import { field } from "../../../events/types/JsonAccess.ts"
import * as ApiKey from "../../../kernel/authentication/ApiKey.ts"

/** Characters of each page that the vendor sends: what is cut further is the configuration's to say. */
const mostCharacters = 10_000

export const ExaSearch = WebSearchProvider.make({
  type: "remote::exa-search",
  displayName: "Exa",
  description: "Searches the web by Exa's Search API.",
  base_url: "https://api.exa.ai",
  keyVariable: "EXA_API_KEY",
  authentication: ApiKey.inHeader("x-api-key"),
  requestOf: ({ allowedDomains, count, country, query }) => ({
    path: "/search",
    body: {
      query,
      numResults: count,
      contents: { text: { maxCharacters: mostCharacters } },
      ...allowedDomains.length === 0 ? {} : { includeDomains: allowedDomains },
      ...country === undefined ? {} : { userLocation: country }
    }
  }),
  resultsIn: (answer) =>
    WebSearchTool.resultsOf(field(answer, "results"), ({ publishedDate, text, title, url }) => ({
      title,
      url,
      text,
      published: publishedDate
    })),
  status: { status: "fixture", against: "https://docs.exa.ai/reference/search" }
})
