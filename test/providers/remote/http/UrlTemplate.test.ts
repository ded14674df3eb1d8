/** URLs with places for arguments. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as UrlTemplate from "../../../../src/providers/remote/http/UrlTemplate.ts"

describe("a URL template", () => {
  it.each([
    ["ftp://example.com/", "https:// or http://"],
    ["https://{host}/x", "its host is written out"],
    ["https://user:pass@example.com/", "its host is written out"],
    ["https://example.com:{port}/", "its host is written out"],
    ["https://example.com/#{part}", "nothing behind # is sent"],
    ["https://example.com/{id", "a brace without its other"],
    ["https://example.com/?{name}=1", "behind ="]
  ])("%s is refused", (template, says) => assert.include(UrlTemplate.problem(template), says))

  it("leaves a pair of the query out whose argument is absent", () => {
    const filled = UrlTemplate.fill("https://example.com/a?x={x}&fixed=1&y={y}", { y: 2 })
    assert.deepStrictEqual(filled, Result.succeed("https://example.com/a?fixed=1&y=2"))
  })

  it("keeps host, path and query as they are written, whatever the arguments", () => {
    const evil = [
      "a/b",
      "../..",
      "?x=1",
      "#y",
      "@evil.com",
      "\r\nhost: x",
      "%2f..",
      "\u0000",
      "\ud800",
      "a&q=b",
      "{q}",
      "ü",
      " "
    ]
    for (const id of evil) {
      for (const q of evil) {
        const url = new URL(Result.getOrThrow(UrlTemplate.fill("https://example.com/a/{id}/b?q={q}", { id, q })))
        assert.strictEqual(url.host + url.hash, "example.com")
        assert.match(url.pathname, /^\/a\/[^/]+\/b$/)
        assert.deepStrictEqual([...url.searchParams], [["q", q.toWellFormed()]])
      }
    }
  })

  it.each(["", ".", ".."])("%j is no part of a path", (id) => {
    assert.isTrue(Result.isFailure(UrlTemplate.fill("https://example.com/a/{id}", { id })))
  })
})
