// @effect-diagnostics asyncFunction:off
/** Forms in their bytes: read as `fetch` reads them, and changed in one field alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as MultipartForm from "../../../src/kernel/media/MultipartForm.ts"

const type = "multipart/form-data; boundary=b"

const part = (name: string, content: string, more = "") =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`

const bytes = (text: string) => Buffer.from(text, "latin1")

const read = (text: string, contentType = type) => MultipartForm.read(bytes(text), contentType)

const formDataOf = (body: Uint8Array, contentType: string) =>
  new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData()

describe("a form", () => {
  it("has its parts, with names, types and content", () => {
    const form = Result.getOrThrow(read(
      `preamble\r\n${part("a", "1")}${
        part("f", "\u0000\xff\r\n--c\r\n", "; filename=\"x \\\"y\\\".mp3\"\r\nContent-Type: audio/mpeg")
      }--b--\r\n`
    ))
    assert.deepStrictEqual(
      form.parts.map((
        each
      ) => [each.name, each.filename, each.contentType, MultipartForm.contentOf(form, each).toString("latin1")]),
      [["a", undefined, undefined, "1"], ["f", "x \"y\".mp3", "audio/mpeg", "\u0000\xff\r\n--c\r\n"]]
    )
  })

  it.effect.each(
    [
      "",
      "\r\n",
      "--",
      "\r\n--",
      "a\r\n\r\nb",
      "\u0000\xff\xfe",
      "content-disposition: form-data; name=\"model\"\r\n\r\nx"
    ]
      .flatMap((content) => [true, false].map((hasModel) => [content, hasModel] as const))
  )(
    "with a file of %j, a model: %s, changes in one field, and is read the same besides",
    ([content, hasModel]) =>
      Effect.promise(async () => {
        const sent = new FormData()
        sent.append("file", new File([new Uint8Array(bytes(content))], "a \"b\".bin"))
        if (hasModel) sent.append("model", "provider/m")
        sent.append("prompt", content)
        const request = new Response(sent)
        const contentType = request.headers.get("content-type") ?? ""
        const body = new Uint8Array(await request.arrayBuffer())
        const form = Result.getOrThrow(MultipartForm.read(body, contentType))
        const before = await formDataOf(body, contentType)
        const after = await formDataOf(MultipartForm.withField(form, "model", "m"), contentType)
        assert.deepStrictEqual(after.getAll("model"), ["m"])
        assert.strictEqual(after.get("prompt"), before.get("prompt"))
        const file = after.get("file")
        if (!(file instanceof File)) return assert.fail("the file is gone")
        assert.strictEqual(file.name, "a \"b\".bin")
        assert.deepStrictEqual(Buffer.from(await file.arrayBuffer()), bytes(content))
      })
  )

  it("without any part gets its first", async () => {
    const form = Result.getOrThrow(read("--b--\r\n"))
    const changed = await formDataOf(MultipartForm.withField(form, "model", "m"), type)
    assert.deepStrictEqual([...changed], [["model", "m"]])
  })

  it("that is none says why", () => {
    const wrong: ReadonlyArray<readonly [string, string, RegExp]> = [
      ["", "application/json", /send multipart/],
      ["", "multipart/form-data", /send multipart/],
      ["", type, /ends before its last boundary/],
      [part("a", "1"), type, /ends before its last boundary/],
      [`${part("a", "1").slice(0, -4)}`, type, /ends before its last boundary/],
      ["--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n", type, /part 1 of the form has no name/],
      [`--b\r\nx: ${"y".repeat(20_000)}\r\n\r\n1\r\n--b--\r\n`, type, /ends before/],
      [`${part("a", "1").repeat(300)}--b--\r\n`, type, /more than 256 parts/]
    ]
    for (const [text, contentType, says] of wrong) {
      const form = read(text, contentType)
      assert.isTrue(Result.isFailure(form), text.slice(0, 80))
      if (Result.isFailure(form)) assert.match(form.failure, says)
    }
  })

  it("of any pieces is read, or not, and never throws", () => {
    const pieces = ["--b", "--b--", "\r\n", "\r\n\r\n", "name=\"a\"", "Content-Disposition: form-data; ", "x"]
    let seed = 1
    const next = () => (seed = (seed * 48_271) % 2_147_483_647)
    let forms = 0
    for (let round = 0; round < 5000; round++) {
      const form = read(Array.from({ length: next() % 16 }, () => pieces[next() % pieces.length]).join(""))
      if (Result.isFailure(form)) continue
      forms++
      assert.include(MultipartForm.withField(form.success, "model", "m").toString(), "m")
    }
    assert.isAbove(forms, 0)
  })
})

describe("a boundary", () => {
  it.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ["Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", "a b"],
    ["multipart/form-data", undefined],
    ["multipart/mixed; boundary=abc", undefined],
    ["text/plain; boundary=abc", undefined]
  ])("of %s is %s", (contentType, boundary) => {
    assert.strictEqual(MultipartForm.boundaryOf(contentType), boundary)
  })
})
