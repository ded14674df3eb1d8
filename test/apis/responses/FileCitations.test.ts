import { assert, describe, it } from "@effect/vitest"
import { annotated, FileCitations } from "../../../src/apis/responses/FileCitations.ts"

const names = new Map([["file-a", "a.txt"], ["file-b", "b.txt"]])

const given = () => new FileCitations((file) => names.get(file))

const text = "It is cold <|file-a|>. <|file-b|><|file-x|> 1 <| 2 <|end"
const citations = [
  { type: "file_citation", file_id: "file-a", filename: "a.txt", index: 11 },
  { type: "file_citation", file_id: "file-b", filename: "b.txt", index: 13 }
] as const

describe("marks of files in a text", () => {
  it("become citations, however the text is cut; those of no result stay text", () => {
    for (let size = 1; size <= text.length; size++) {
      const citing = given()
      let said = ""
      for (let at = 0; at < text.length; at += size) said += citing.grow(text.slice(at, at + size))
      said += citing.end()
      assert.strictEqual(said, "It is cold . <|file-x|> 1 <| 2 <|end", `pieces of ${size}`)
      assert.deepStrictEqual(citing.citations, [...citations])
    }
    const citing = given()
    assert.strictEqual(citing.whole(text), "It is cold . <|file-x|> 1 <| 2 <|end")
    assert.deepStrictEqual(citing.citations, [...citations])
  })

  it("stand in the events of the text's end", () => {
    const part = { type: "output_text", text: "x", annotations: [] }
    const events = annotated([
      { type: "response.output_text.done", text: "x" },
      { type: "response.content_part.done", item_id: "m", output_index: 1, content_index: 0, part },
      { type: "response.output_item.done", output_index: 1, item: { type: "message", content: [part] } }
    ], citations)
    assert.deepStrictEqual(events.map(({ type }) => type), [
      "response.output_text.done",
      "response.output_text.annotation.added",
      "response.output_text.annotation.added",
      "response.content_part.done",
      "response.output_item.done"
    ])
    assert.deepStrictEqual(events[3]!["part"], { ...part, annotations: [...citations] })
    assert.deepStrictEqual(events[4]!["item"], { type: "message", content: [{ ...part, annotations: [...citations] }] })
  })
})
