/** What a `data:` URL holds, however it is written. */
import { assert, describe, it } from "@effect/vitest"
import * as DataUrl from "../../../src/kernel/messages/DataUrl.ts"

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64")

const readable: ReadonlyArray<readonly [url: string, type: string, data: string, charset?: string]> = [
  ["data:image/png;base64,iVBORw0KGgo=", "image/png", "iVBORw0KGgo="],
  ["DATA:Image/PNG;BASE64,iVBORw0KGgo=", "image/png", "iVBORw0KGgo="],
  ["data:image/png; base64 ,iVBORw0KGgo=", "image/png", "iVBORw0KGgo="],
  ["data:text/plain;charset=UTF-8;base64,aGk=", "text/plain", "aGk=", "utf-8"],
  ["data:text/plain;charset=\"iso-8859-1\";base64,6Q==", "text/plain", "6Q==", "iso-8859-1"],
  ["data:text/plain;name=\"a,b\\\"c\";base64,aGk=", "text/plain", "aGk="],
  ["data:,A%20brief%20note", "text/plain", base64("A brief note")],
  ["data:;base64,aGk=", "text/plain", "aGk="],
  ["data:;charset=utf-8,caf%C3%A9", "text/plain", base64("café"), "utf-8"],
  ["data:text/plain,città, 5% or 100%", "text/plain", base64("città, 5% or 100%")],
  ["data:application/octet-stream,%00%fF%7", "application/octet-stream", base64(new Uint8Array([0, 255, 37, 55]))],
  ["data:image/svg+xml,<svg xmlns='a'/>", "image/svg+xml", base64("<svg xmlns='a'/>")],
  ["data:image/svg+xml;utf8,<svg/>", "image/svg+xml", base64("<svg/>")],
  ["data:text/plain,a#b", "text/plain", base64("a")],
  // Without what fills it up, in the alphabet of URLs, in lines, escaped.
  ["data:image/png;base64,aGk", "image/png", "aGk="],
  ["data:image/png;base64,_-8=", "image/png", "/+8="],
  ["data:image/png;base64,aG\r\n k=", "image/png", "aGk="],
  ["data:image/png;base64,%2F%2B8%3D", "image/png", "/+8="],
  ["data:image/png;base64,", "image/png", ""],
  ["data:,", "text/plain", ""]
]

const unreadable: ReadonlyArray<unknown> = [
  "data:",
  "data:image/png;base64",
  "data:image/png;base64,a",
  "data:image/png;base64,a!==",
  "data:image/png;base64,aG=k",
  "data:image/png;base64,aGk===",
  "data:png;base64,aGk=",
  "data:image/;base64,aGk=",
  `data:image/png;${"x".repeat(2000)};base64,aGk=`,
  "https://example.com/data:image/png;base64,aGk=",
  "database",
  "",
  5,
  null,
  undefined
]

describe("a data: URL", () => {
  it.each(readable)("%s holds %s: %s", (url, mediaType, data, charset) => {
    const { isNamed: _, ...held } = DataUrl.read(url)!
    assert.deepStrictEqual(held, { mediaType, data, ...charset === undefined ? {} : { charset } })
  })

  it.each(unreadable)("is none, or can't be read: %s", (url) => {
    assert.isUndefined(DataUrl.read(url))
  })

  it("says whether it names its type", () => {
    assert.deepStrictEqual(["data:text/plain,a", "data:,a", "data:;base64,"].map((url) => DataUrl.read(url)?.isNamed), [
      true,
      false,
      false
    ])
  })

  it("is read as it is written", () => {
    for (const held of [{ mediaType: "a/b", data: "aGk=" }, { mediaType: "a/b", charset: "x", data: "" }]) {
      assert.deepInclude(DataUrl.read(DataUrl.write(held))!, held)
    }
  })

  it("of a block is data, or a URL that holds it", () => {
    assert.deepStrictEqual(DataUrl.inSource({ type: "base64", media_type: "image/png", data: "aGk=" } as object), {
      mediaType: "image/png",
      data: "aGk="
    })
    assert.strictEqual(DataUrl.inSource({ url: "data:image/png,hi" })?.data, "aGk=")
    assert.isUndefined(DataUrl.inSource({ url: "https://example.com/a.png" }))
  })

  const length = 20_000_000
  it.each([
    ["base64", `data:image/png;base64,${"A".repeat(length)}`, true],
    ["base64 in lines", `data:image/png;base64,${"AAA\n".repeat(length / 4)}`, true],
    ["white space alone", `data:image/png;base64,${" ".repeat(length)}!`, false],
    ["what fills it up alone", `data:image/png;base64,${"=".repeat(length)}`, false],
    ["almost base64", `data:image/png;base64,${"A".repeat(length)}!`, false],
    ["bytes that are escaped", `data:image/png,${"%41".repeat(length / 3)}`, true],
    ["percent signs", `data:image/png,${"%".repeat(length)}`, true],
    ["parameters without an end", `data:image/png${";a=b".repeat(length / 4)}`, false],
    ["a quote without an end", `data:image/png;a="${"\\\"".repeat(length / 2)}`, false]
  ])("of 20 MB is read, or not, in one walk: %s", (_, url, isReadable) => {
    const start = performance.now()
    assert.strictEqual(DataUrl.read(url) !== undefined, isReadable)
    assert.isBelow(performance.now() - start, 5000)
  })
})
