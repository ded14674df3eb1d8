/** Web search by what speaks Bing's closed API on, in the shapes of its document. */
import { webSearchContract } from "../../../support/webSearchContract.ts"

const queryContext = { originalQuery: "Oslo" }

webSearchContract({
  type: "remote::bing-search",
  answerOf: (pages) => ({
    _type: "SearchResponse",
    queryContext,
    webPages: {
      webSearchUrl: "https://www.bing.com/search?q=Oslo",
      totalEstimatedMatches: 2,
      value: pages.map(({ text, title, url }) => ({
        id: "https://api.bing.microsoft.com/api/v7/#WebPages.0",
        name: title,
        url,
        snippet: text,
        datePublished: "2024-04-14T10:23:34.0000000"
      }))
    }
  }),
  nothing: { _type: "SearchResponse", queryContext },
  refusal: { error: { code: "429", message: "Rate limit is exceeded." } },
  key: ["ocp-apim-subscription-key", ""],
  asked: ({ path }) => {
    const { pathname, searchParams } = new URL(path, "https://example.com")
    return [pathname, searchParams.get("count"), searchParams.get("q"), searchParams.get("cc")]
  },
  expected: ["/v1/search", "3", "Oslo site:example.com", "NO"]
})
