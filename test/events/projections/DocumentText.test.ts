/** Documents as they stand in tables. */
import { assert, describe, it } from "@effect/vitest"
import * as DocumentText from "../../../src/events/projections/DocumentText.ts"
import type { AnyProjection } from "../../../src/events/projections/Projection.ts"
import { balances } from "../../support/Accounts.ts"

interface Visit {
  readonly id: string
  readonly first: number
  readonly last: number
  readonly owner: string | null
}

const visits: AnyProjection = {
  ...balances,
  implied: (key: string, { first }: Visit): Partial<Visit> => ({ id: key, last: first, owner: null })
}

const again = (document: Visit, projection = visits) => {
  const text = DocumentText.of(projection, { key: "a", document })
  assert.deepStrictEqual(DocumentText.read(projection, "a", text), document)
  return text
}

describe("the text of a document", () => {
  it("says nothing of what is implied", () =>
    assert.strictEqual(again({ id: "a", first: 1, last: 1, owner: null }), "{\"first\":1}"))

  it("says what is otherwise", () => {
    assert.strictEqual(
      again({ id: "b", first: 1, last: 2, owner: "me" }),
      "{\"first\":1,\"id\":\"b\",\"last\":2,\"owner\":\"me\"}"
    )
  })

  it("is the same of a document that was read and has changed as of one that was made so", () => {
    const document = { id: "a", first: 1, last: 2, owner: "me" }
    const before = DocumentText.read(visits, "a", again({ ...document, last: 1 })) as Visit
    assert.strictEqual(again({ ...before, last: 2 }), again(document))
  })

  it("says nothing of what is implied within an object, and all that is otherwise", () => {
    const nested: AnyProjection = {
      ...balances,
      implied: (key: string) => ({ value: { id: key, status: "completed", tags: [] }, owner: null })
    }
    const value = { id: "a", status: "failed", model: "m", tags: ["one"] }
    const text = DocumentText.of(nested, { key: "a", document: { value, owner: null } })
    assert.strictEqual(text, "{\"value\":{\"model\":\"m\",\"status\":\"failed\",\"tags\":[\"one\"]}}")
    assert.deepStrictEqual(DocumentText.read(nested, "a", text), { value, owner: null })
  })

  it("is all of it where nothing is implied, and such a text is read whatever is implied now", () => {
    const document = { id: "a", first: 1, last: 1, owner: null }
    const text = again(document, balances)
    assert.strictEqual(text, JSON.stringify(document))
    assert.deepStrictEqual(DocumentText.read(visits, "a", text), document)
  })

  it("is read with its row, whatever a database has its numbers in", () =>
    assert.deepStrictEqual(
      DocumentText.readRow(visits, { tenant: "t", key: "a", position: 7n, document: "{\"first\":1}" }),
      { tenant: "t", key: "a", position: 7, document: { id: "a", first: 1, last: 1, owner: null } }
    ))
})
