/** Web search by Tavily, in the shapes of its document. */
import { field } from "../../../../src/events/types/JsonAccess.ts"
import { webSearchContract } from "../../../support/webSearchContract.ts"

const answer = (results: ReadonlyArray<object>) => ({
  query: "Oslo",
  answer: null,
  images: [],
  results: results as never,
  response_time: 1.67,
  request_id: "123e4567-e89b-12d3-a456-426614174111"
})

webSearchContract({
  type: "remote::tavily-search",
  answerOf: (pages) =>
    answer(pages.map(({ text, title, url }) => ({ title, url, content: text, score: 0.81, raw_content: null }))),
  nothing: answer([]),
  refusal: { detail: { error: "Your request has been blocked due to excessive requests." } },
  key: ["authorization", "Bearer "],
  asked: ({ body }) => [
    field(body, "query"),
    field(body, "max_results"),
    field(body, "include_domains"),
    field(body, "country")
  ],
  expected: ["Oslo", 3, ["example.com"], "norway"]
})
