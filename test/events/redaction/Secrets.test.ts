/** Where a known secret stands in a text, and where it may only seem so. */
import { assert, describe, it } from "@effect/vitest"
import type { Range } from "../../../src/events/redaction/Mask.ts"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"

const found = (secret: string, text: string) => {
  const [secrets, ranges]: [Secrets, Array<Range>] = [new Secrets(), []]
  secrets.add(secret)
  secrets.find(text, ranges)
  return ranges.map(({ end, start, uncertain = false }) => [text.slice(start, end), uncertain])
}

describe("Secrets", () => {
  it.each([
    {
      name: "a plain one",
      secret: "sk-a.b~c_1",
      text: "x sk-a.b~c_1sk-a.b~c_1",
      ranges: [["sk-a.b~c_1", false], ["sk-a.b~c_1", false]]
    },
    {
      name: "one that may begin within an escape",
      secret: "n0-secret",
      text: "\\n0-secret n0-secret",
      ranges: [["n0-secret", true], ["n0-secret", false]]
    },
    {
      name: "one that JSON writes otherwise",
      secret: "se\"cret",
      text: "se\"cret se\\\"cret",
      ranges: [["se\"cret", true], ["se\\\"cret", false]]
    },
    { name: "one that is in no JSON", secret: "se\"cret", text: "secret", ranges: [] },
    { name: "one encoded for a URL", secret: "a+b/c=1", text: "?x=a%2Bb%2Fc%3D1", ranges: [["a%2Bb%2Fc%3D1", false]] },
    { name: "one of half a character", secret: "secret\ud800", text: "secret\ud800", ranges: [["secret\ud800", true]] }
  ])("finds $name", ({ ranges, secret, text }) => {
    assert.deepStrictEqual(found(secret, text), ranges)
  })
})

/** Keys, and what expressions take for their own. */
const many = [
  ...Array.from({ length: 40 }, (_, index) => `sk-proj-${index}x${"abcdefgh".repeat(1 + index % 9)}`),
  "a+b/c=1",
  "se\"cret",
  "(.*)^$|[a-z]",
  "back\\slash\\d",
  "Schlüssel-é",
  "line\nbreak\nkey"
]

const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  JSON.stringify(JSON.stringify(secret)).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(`user:${secret}`).toString("base64")
]

const allOf = (texts: ReadonlyArray<string>) => {
  const secrets = new Secrets()
  for (const text of texts) secrets.add(text)
  return secrets
}

describe("many Secrets", () => {
  const secrets = allOf(many)

  it("are each found in each of their forms", () => {
    for (const secret of many) {
      for (const form of formsOf(secret)) {
        assert.isTrue(secrets.mayStandIn(`{"a":"${form}"}`), form)
        assert.isTrue(allOf([secret]).mayStandIn(`{"a":"${form}"}`), form)
      }
    }
  })

  it("are found in no text that has none", () => {
    for (const text of ["", "a text of 100 % without one", "abc", "sk-proj-", "[]()^$|\\ .* %7B", "a".repeat(10_000)]) {
      assert.isFalse(secrets.mayStandIn(text), text)
    }
  })

  it("are found once they are added, and no more once they are removed", () => {
    const known = allOf(many)
    assert.isFalse(known.mayStandIn("x later-key-1 x"))
    known.add("later-key-1")
    assert.isTrue(known.mayStandIn("x later-key-1 x"))
    known.remove("later-key-1")
    assert.isFalse(known.mayStandIn("x later-key-1 x"))
  })
})
