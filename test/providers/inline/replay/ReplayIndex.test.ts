/** Which of several recordings of one request answers, and which is forgotten. */
import { assert, describe, it } from "@effect/vitest"
import type { Recorded } from "../../../../src/providers/inline/replay/ReplayIndex.ts"
import { ReplayIndex } from "../../../../src/providers/inline/replay/ReplayIndex.ts"

/** `session:answer`, `!` behind it: an error; `@n`: of the nth run. Each at the next position. */
const bookOf = (script: string, max = 1000) => {
  const book = new ReplayIndex(max)
  const steps = script.split(" ").filter((step) => step !== "")
  for (const [index, step] of steps.entries()) add(book, step, index)
  return book
}

const add = (book: ReplayIndex, step: string, index: number, given: Partial<Recorded> = {}) => {
  const [, sessionId = "", requestId = "", error, run = "0"] = /^(\w*):(\w+)(!?)(?:@(\d))?$/.exec(step) ?? []
  const asked = 10 * (index + 1)
  book.add({
    key: "k",
    sessionId,
    requestId,
    attempt: 1,
    model: "m",
    asked,
    answered: asked + 2,
    failed: error === "!" ? asked + 1 : undefined,
    run: Number(run),
    replayed: false,
    ...given
  }, [])
}

/** What these sessions get, one after the other. */
const answers = (book: ReplayIndex, sessions: string, errors = true) =>
  sessions.split(" ").map((session) => book.find("k", session, { errors })?.requestId ?? "none").join(" ")

const rows: ReadonlyArray<{
  readonly name: string
  readonly recorded: string
  readonly asking: string
  readonly found: string
  readonly withoutErrors?: string
}> = [
  { name: "nothing, where nothing is recorded", recorded: "", asking: "a", found: "none" },
  { name: "a session's own answers first", recorded: "a:1 b:2", asking: "a b c", found: "1 2 2" },
  { name: "the newest session's where it has none", recorded: "a:1 b:2 a:3", asking: "c c c d", found: "1 3 1 1" },
  { name: "its own in their order, then again", recorded: "a:1 b:9 a:2 a:3", asking: "a a a a a", found: "1 2 3 1 2" },
  {
    name: "to each session from the first",
    recorded: "a:1 a:2",
    asking: "b c b c a",
    found: "1 1 2 2 1"
  },
  {
    name: "its own errors where they were, and once",
    recorded: "a:1! a:2 a:3",
    asking: "a a a a a",
    found: "1 2 3 2 3",
    withoutErrors: "2 3 2 3 2"
  },
  {
    name: "another session's errors only where nobody has anything else",
    recorded: "a:1 b:2! b:3!",
    asking: "c c",
    found: "1 1",
    withoutErrors: "1 1"
  },
  {
    name: "errors where there is nothing else",
    recorded: "a:1! b:2! b:3!",
    asking: "c c c",
    found: "2 3 2",
    withoutErrors: "none none none"
  },
  {
    name: "another's answer to a session that has only errors, where errors are not wanted",
    recorded: "a:1! b:2",
    asking: "a a",
    found: "1 1",
    withoutErrors: "2 2"
  },
  {
    name: "what a session recorded in its newest run",
    recorded: "a:1 a:2 a:3@1",
    asking: "a a b",
    found: "3 3 3"
  },
  {
    name: "an older run of a newer session",
    recorded: "a:1@1 b:2@0",
    asking: "a b c",
    found: "1 2 2"
  },
  {
    name: "the newest run, whatever order they come in",
    recorded: "a:1@1 a:2@0",
    asking: "a a",
    found: "1 1"
  },
  { name: "one source to all alike", recorded: ":1 :2", asking: "a a b", found: "1 2 1" }
]

describe("RecordingBook", () => {
  it.each(rows)("gives $name", ({ asking, found, recorded, withoutErrors }) => {
    assert.strictEqual(answers(bookOf(recorded), asking), found)
    if (withoutErrors !== undefined) assert.strictEqual(answers(bookOf(recorded), asking, false), withoutErrors)
  })

  it("puts answers in the order they were asked for, whichever came first", () => {
    const book = new ReplayIndex(10)
    for (const [step, index] of [["a:2", 2], ["a:1", 1], ["a:3", 3]] as const) add(book, step, index)
    assert.strictEqual(answers(book, "a a a"), "1 2 3")
  })

  it("takes a replayed answer only where there is no other", () => {
    const book = bookOf(":1")
    add(book, ":2", 2, { replayed: true })
    assert.strictEqual(answers(book, "a a"), "1 1")
    const replayed = new ReplayIndex(10)
    add(replayed, ":1", 1, { replayed: true })
    add(replayed, ":2", 2, { replayed: true })
    assert.strictEqual(answers(replayed, "a a"), "1 2")
    add(replayed, ":3", 3)
    assert.strictEqual(answers(replayed, "b b"), "3 3")
  })

  it("forgets the oldest of too many, and says how many", () => {
    const book = bookOf("a:1 b:2 a:3 c:4", 2)
    assert.strictEqual(book.size, 2)
    assert.strictEqual(book.forgotten, 2)
    assert.strictEqual(answers(book, "a b c d"), "3 4 4 4")
  })

  it("forgets a whole request, its model and its session with the last answer", () => {
    const book = new ReplayIndex(1)
    add(book, "a:1", 1, { key: "old", model: "old" })
    add(book, "a:2", 2)
    assert.isFalse(book.has("old"))
    assert.deepStrictEqual(book.models, ["m"])
    assert.deepStrictEqual(book.recent("old").map(({ recorded }) => recorded.requestId), ["2"])
  })

  it("turns to the next newest session when the newest is gone from the log", () => {
    const book = bookOf("a:1 b:2! c:3")
    const newest = book.find("k", "d", { errors: true })!
    book.forget(newest)
    assert.strictEqual(answers(book, "d e"), "1 1")
  })

  it("remembers so many places, of those who asked last", () => {
    const book = bookOf("a:1 a:2", 2)
    assert.strictEqual(answers(book, "b c b d"), "1 1 2 1")
    // c and b were pushed out in turn: b asked after c.
    assert.strictEqual(answers(book, "b c"), "1 1")
  })

  it("gives the newest 200 of a model, newest first, among any number", () => {
    const book = new ReplayIndex(10_000)
    for (let index = 1; index <= 1000; index++) add(book, `a:${index}`, index, { key: `k${index}` })
    add(book, "a:other", 2000, { model: "other" })
    const recent = book.recent("m").map(({ recorded }) => Number(recorded.requestId))
    assert.deepStrictEqual(recent, Array.from({ length: 200 }, (_, index) => 1000 - index))
    assert.lengthOf(book.recent("unknown"), 200)
    assert.deepStrictEqual(book.models, ["m", "other"])
  })
})
