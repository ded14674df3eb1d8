/** Web search by Exa, in the shapes of its document. */
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { webSearchContract } from "../../../support/webSearchContract.ts"

const answer = (results: ReadonlyArray<object>) => ({
  requestId: "b5947044c4b78efa9552a7c89b306d95",
  resolvedSearchType: "neural",
  results: results as never,
  costDollars: { total: 0.005 }
})

webSearchContract({
  type: "remote::exa-search",
  answerOf: (pages) =>
    answer(pages.map(({ text, title, url }) => ({
      title,
      url,
      publishedDate: "2023-11-16T01:36:32.547Z",
      author: null,
      id: url,
      text
    }))),
  nothing: answer([]),
  refusal: { requestId: "b594", error: "Too many requests", tag: "RATE_LIMIT" },
  key: ["x-api-key", ""],
  asked: ({ body }) => [
    field(body, "query"),
    field(body, "numResults"),
    field(body, "includeDomains"),
    field(body, "userLocation")
  ],
  expected: ["Oslo", 3, ["example.com"], "NO"]
})
