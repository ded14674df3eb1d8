/** Web search by Brave, in the shapes of its document. */
import { webSearchContract } from "../../../support/webSearchContract.ts"

const query = { original: "Oslo", more_results_available: false }

webSearchContract({
  type: "remote::brave-search",
  answerOf: (pages) => ({
    type: "search",
    query,
    web: {
      type: "search",
      results: pages.map(({ text, title, url }) => ({
        type: "search_result",
        title,
        url,
        description: text,
        page_age: "2024-04-14T10:23:34",
        extra_snippets: ["A snippet besides."]
      }))
    }
  }),
  nothing: { type: "search", query },
  refusal: { type: "ErrorResponse", error: { id: "1", status: 429, code: "RATE_LIMITED", detail: "Too many." } },
  key: ["x-subscription-token", ""],
  asked: ({ path }) => {
    const { pathname, searchParams } = new URL(path, "https://example.com")
    return [pathname, searchParams.get("count"), searchParams.get("q"), searchParams.get("country")]
  },
  expected: ["/v1/web/search", "3", "Oslo site:example.com", "NO"]
})
