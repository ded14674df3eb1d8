/** Parts of facts, as they are stored: masked, and no more than their level. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyText from "../../../src/events/facts/BodyText.ts"
import type { Part } from "../../../src/events/facts/Fact.ts"
import { isFact } from "../../../src/events/facts/Fact.ts"
import { mask, Secrets } from "../../../src/events/redaction/Redaction.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import type { PendingPart } from "../../../src/kernel/requests/PendingEvents.ts"
import { toAppend } from "../../../src/kernel/requests/PendingEvents.ts"
import { answer } from "../../support/Facts.ts"

const secrets = new Secrets()
secrets.add("the-hidden-word")
const redactor = new Redactor([secrets])

const exchange = (text: string, given: Partial<ReturnType<typeof answer>> = {}): PendingPart => ({
  call: null,
  part: answer(1, text, given) as Extract<PendingPart["part"], { kind: "answer" }>
})

const event = (payload: string, isOwn?: PendingPart["isOwn"]): PendingPart => ({
  call: null,
  ...(isOwn === undefined ? {} : { isOwn }),
  part: {
    kind: "event",
    numbering: "request",
    counter: 1,
    time: 1,
    causationId: null,
    type: "test:seen",
    schemaVersion: 1,
    payload
  }
})

const of = { requestId: "r", sessionId: null, parentSessionId: null, principal: null, tenant: "", debugBytes: 300 }

const stored = (...pending: ReadonlyArray<PendingPart>): ReadonlyArray<Part> =>
  toAppend(pending, redactor, of).flatMap((each) => isFact(each) ? each.parts : [])

const one = (pending: PendingPart): Part => stored(pending)[0]!

describe("PendingEvents, a part that is stored", () => {
  it("is what it was where nothing in it is secret", () => {
    const pending = [event("{\"a\":1}"), exchange("plain")]
    assert.deepStrictEqual(stored(...pending), pending.map(({ part }) => part))
  })

  it("shows no secret, wherever it stands and whichever part has it", () => {
    const secret = "the-hidden-word"
    const frames = [`data: ${secret}\n\n`, "data: [DONE]\n\n"]
    const body = {
      text: frames.join(""),
      encoding: "utf-8",
      frames: { lengths: frames.map(({ length }) => length), times: [1, 2] }
    } as const
    const parts = stored(
      exchange("plain"),
      exchange(`{"a":"${secret}"}`),
      exchange("", { head: `"status":200,"headers":{"x-a":"${secret}"}` }),
      exchange("", { body }),
      event(`{"a":"${secret}"}`)
    )
    assert.notInclude(JSON.stringify(parts), secret)
    assert.strictEqual(JSON.stringify(parts).split(mask).length, 5)
    const masked = parts[3]!
    assert.deepStrictEqual(masked.kind === "event" ? [] : BodyText.framesOf(masked.body!), [
      `data: ${mask}\n\n`,
      "data: [DONE]\n\n"
    ])
  })

  it("shows none that comes in two frames", () => {
    const frames = ["data: {\"choices\":[{\"delta\":{\"content\":\"the-hid\"}}]}\n\n"]
      .concat("data: {\"choices\":[{\"delta\":{\"content\":\"den-word\"}}]}\n\n")
    const body = {
      text: frames.join(""),
      encoding: "utf-8",
      frames: { lengths: frames.map(({ length }) => length), times: [1, 2] }
    } as const
    const shown = JSON.stringify(one(exchange("", { body })))
    assert.notInclude(shown, "the-hid")
    assert.notInclude(shown, "den-word")
  })

  it("keeps the words that are Strata's own", () => {
    const own = event("{\"a\":\"the-hidden-word\"}", (word) => word === "the-hidden-word")
    assert.propertyVal(one(own), "payload", "{\"a\":\"the-hidden-word\"}")
  })

  it("at debug is its excerpt, cut after it was masked", () => {
    const text = `${"x".repeat(160)}the-hidden-word${"y".repeat(600)}`
    const part = one(exchange(text, { raw: null }))
    if (part.kind === "event") return assert.fail()
    assert.deepStrictEqual([part.head, part.body], [null, null])
    assert.isAtMost(Buffer.byteLength(`{"response":${part.excerpt}}`), 300)
    assert.notInclude(part.excerpt!, "the-hid")
    JSON.parse(part.excerpt!)
  })
})
