/** A stream of another framing is read as server-sent events; who sends what is no frame is left at once. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect } from "effect"
import { isBrokenFrame } from "../../../../src/events/types/Framing.ts"
import type { ByteSink } from "../../../../src/kernel/bytes/ByteSource.ts"
import * as ByteSource from "../../../../src/kernel/bytes/ByteSource.ts"
import { ndjson } from "../../../../src/kernel/dialects/framing/Ndjson.ts"
import * as Unframed from "../../../../src/kernel/dialects/framing/Unframed.ts"
import { eventOf } from "./FramingSamples.ts"

/** A source that a test feeds, and what has come of it. */
const opened = () => {
  let sink: ByteSink<string> | undefined
  const calls: Array<string> = []
  const source = ByteSource.make<string>((given) => {
    sink = given
    return {
      pause: () => {},
      resume: () => {},
      cancel: () => void calls.push("cancel"),
      leave: () => void calls.push("leave")
    }
  })
  const events: Array<string> = []
  Effect.runSync(
    Unframed.of(source, ndjson).open({
      chunk: (bytes) => void events.push(Buffer.from(bytes).toString()),
      end: () => void events.push("end"),
      fail: (cause) => void events.push(`fail ${String(Cause.squash(cause))}`)
    })
  )
  return { feed: (text: string) => sink!.chunk(Buffer.from(text)), sink: () => sink!, calls, events }
}

describe("Unframed", () => {
  it("gives what is whole as soon as it is", () => {
    const { events, feed, sink } = opened()
    feed("{\"a\":1}\n{\"b\"")
    assert.deepStrictEqual(events, [eventOf({ a: 1 })])
    feed(":2}\n")
    assert.deepStrictEqual(events, [eventOf({ a: 1 }), eventOf({ b: 2 })])
    sink().end()
    assert.strictEqual(events.at(-1), "end")
  })

  it("leaves who sends what is no frame, says why, and ends", () => {
    const { calls, events, feed } = opened()
    feed("{\"a\":1}\nno\n{\"b\":2}\n")
    assert.deepStrictEqual(calls, ["leave"])
    assert.strictEqual(events.length, 2)
    assert.isTrue(isBrokenFrame(events[0]!.slice(eventOf({ a: 1 }).length)))
    assert.strictEqual(events[1], "end")
  })

  it("fails as its source does", () => {
    const { events, feed, sink } = opened()
    feed("{\"a\":1}\n{\"b\"")
    sink().fail(Cause.fail("reset"))
    assert.deepStrictEqual(events, [eventOf({ a: 1 }), "fail reset"])
  })
})
