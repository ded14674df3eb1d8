/** The tool that searches the web: questions and results, whoever searches. */
import { assert, describe, it } from "@effect/vitest"
import * as WebSearchTool from "../../../src/apis/tool-runtime/WebSearchTool.ts"

const query = { query: "snow", count: 2, allowedDomains: [], country: undefined }

describe("a question", () => {
  it("has what is usual where it does not say", () => {
    assert.deepStrictEqual(WebSearchTool.queryOf({ query: "snow" }, 2), query)
    assert.deepStrictEqual(
      WebSearchTool.queryOf({ query: "snow", max_results: 7, allowed_domains: ["a.com"], country: "no" }, 2),
      { query: "snow", count: 7, allowedDomains: ["a.com"], country: "NO" }
    )
  })

  it("names hosts as people do", () => {
    assert.strictEqual(WebSearchTool.withSites(query), "snow")
    assert.strictEqual(WebSearchTool.withSites({ ...query, allowedDomains: ["a.com"] }), "snow site:a.com")
    assert.strictEqual(
      WebSearchTool.withSites({ ...query, allowedDomains: ["a.com", "b.com"] }),
      "snow (site:a.com OR site:b.com)"
    )
  })
})

describe("results", () => {
  const read = (list: unknown) => WebSearchTool.resultsOf(list, ({ t, u }) => ({ title: t, url: u, text: 7 }))

  it("are pages of the web alone", () => {
    assert.deepStrictEqual(
      read([{ t: "A", u: "https://a.com" }, { u: "http://b.com" }, { t: "C", u: "file:///c" }, { t: "D" }, null, 1]),
      [
        { title: "A", url: "https://a.com", text: "", published: undefined },
        { title: "http://b.com", url: "http://b.com", text: "", published: undefined }
      ]
    )
    assert.isUndefined(read({}))
  })

  it("are bounded, come back from the value, and half a character is none", () => {
    const found = Array.from({ length: 5 }, (_, at) => ({ title: `${at}`, url: `https://a.com/${at}`, text: "aa😀" }))
    const { content, structured_content } = WebSearchTool.resultOf(query, found, 3)
    const results = WebSearchTool.resultsIn(structured_content)
    assert.deepStrictEqual(results.map(({ url }) => url), ["https://a.com/0", "https://a.com/1"])
    assert.isTrue(results.every(({ text }) => text.isWellFormed() && text.endsWith("…")))
    assert.deepInclude(content[0] as object, { type: "text" })
    assert.deepStrictEqual(WebSearchTool.resultsIn("x"), [])
  })
})
