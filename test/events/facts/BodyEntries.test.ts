/** Entries of bodies. */
import { assert, describe, it } from "@effect/vitest"
import { bodyEntry } from "../../../src/events/facts/BodyEntries.ts"
import type { Body } from "../../../src/events/facts/Fact.ts"
import { noCuts } from "../../../src/events/facts/RecentPassages.ts"

const entryOf = (body: Body, bodies: ReadonlyArray<Body> = []) =>
  bodyEntry(body, bodies, { find: noCuts, inConversation: false })

const whole = (text: string): Body => ({ text, encoding: "utf-8", frames: null })

const stream = (count: number, time = 5): Body => {
  const frames = Array.from({ length: count }, (_, n) => `data: {"choices":[{"delta":{"content":"${n}"}}]}\n\n`)
  const lengths = frames.map(({ length }) => length)
  return { text: frames.join(""), encoding: "utf-8", frames: { lengths, times: lengths.map(() => time) } }
}

describe("the entry of a body", () => {
  it("is its length, and its text what is stored", () =>
    assert.deepStrictEqual(entryOf(whole("hello")), [[0, 0, 5], "hello"]))

  it("of a stream names its runs, and what is stored is folded", () => {
    const body = stream(20)
    const [[, frames, entry], stored] = entryOf(body)
    assert.deepStrictEqual(frames, [body.frames!.lengths, body.frames!.times])
    assert.deepPropertyVal(entry, "length", stored.length)
    assert.isBelow(stored.length, body.text.length / 4)
  })

  it("of the stream before, sent on as it came, has neither text nor frames", () => {
    const body = stream(20)
    assert.deepStrictEqual(entryOf({ ...body, frames: { ...body.frames! } }, [body]), [[0, 1, [0]], ""])
  })

  it("of the stream before at other times has its own", () => {
    const [before, body] = [stream(20, 5), stream(20, 6)]
    assert.deepStrictEqual(entryOf(body, [before])[0], [0, [body.frames!.lengths, body.frames!.times], [0]])
  })
})
