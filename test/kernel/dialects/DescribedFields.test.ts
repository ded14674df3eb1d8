/** The words to describe a wire with: made when asked for, once, and open. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Fields from "../../../src/kernel/dialects/DescribedFields.ts"

const verse = Fields.object("Verse", "A line of a poem.", () => ({
  type: Fields.is("verse"),
  text: Fields.given(Schema.String, "The line."),
  rhyme: Fields.givenOrNull(Schema.String, "What it rhymes with."),
  feet: Fields.maybe(Schema.Int, "How many feet.", 5),
  note: Fields.maybeNull(Schema.String, "What is to be said of it.")
}))

const stanza: Fields.Described = Fields.object("Stanza", "Lines that belong together.", () => ({
  type: Fields.is("stanza", "strophe"),
  lines: Fields.given(Fields.list(Fields.either(verse(), Fields.within(stanza))), "The lines.")
}))

const poem = Fields.variants("Poem", "Of any length.", () => [verse(), stanza()])

const reads = (value: unknown): boolean => Result.isSuccess(Schema.decodeUnknownResult(poem())(value))

const line = { type: "verse", text: "It rains.", rhyme: null }

describe("DescribedFields", () => {
  it("given a description, when it is asked for twice, then it is one Schema, made at the first time", () => {
    let made = 0
    const counted = Fields.object("Counted", "How often it is made.", () => {
      made++
      return {}
    })
    assert.strictEqual(made, 0)
    assert.strictEqual(counted(), counted())
    assert.strictEqual(made, 1)
  })

  it("given values, then fields may be absent, or null, only where that is said", () => {
    assert.isTrue(reads(line))
    assert.isTrue(reads({ ...line, feet: 5, note: null, tomorrow: "is open" }))
    assert.isFalse(reads({ ...line, feet: null }))
    assert.isFalse(reads({ type: "verse", text: "It rains." }))
    assert.isFalse(reads({ ...line, text: 7 }))
  })

  it("given types, then only those that are named are read, at any depth", () => {
    assert.isTrue(reads({ type: "strophe", lines: [line, { type: "stanza", lines: [line] }] }))
    assert.isFalse(reads({ type: "song", lines: [] }))
    assert.isFalse(reads({ type: "stanza", lines: [{ type: "stanza", lines: [{ ...line, type: "prose" }] }] }))
  })

  it("given dictionaries and values of a list, then each value is of the type", () => {
    const counts = Schema.decodeUnknownResult(Fields.dictionary(Schema.Int))
    assert.isTrue(Result.isSuccess(counts({ a: 1 })))
    assert.isFalse(Result.isSuccess(counts({ a: "1" })))
    assert.isFalse(Result.isSuccess(Schema.decodeUnknownResult(Fields.among("low", "high"))("medium")))
  })

  it("given a field, then it has its description and its example, and what has a name keeps its own", () => {
    const annotated = { description: "The line.", examples: ["It rains."] }
    assert.deepInclude(Schema.resolveAnnotations(Fields.given(Schema.String, "The line.", "It rains.")), annotated)
    const field = Fields.given(verse(), "The first line.")
    assert.strictEqual(Schema.resolveAnnotations(field)?.description, "The first line.")
    assert.strictEqual(Schema.resolveAnnotations(verse())?.description, "A line of a poem.")
    assert.isTrue(Result.isSuccess(Schema.decodeUnknownResult(field)(line)))
  })
})
