/**
 * Two vendors that fail by a script and a seed (test/samples/failing-vendor.json), 500 requests at 50 connections: what
 * each client gets is what the log says, nobody is asked again sooner than it wants, and all of it is verified at once.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { SeededRandom } from "../../bench/crash/SeededRandom.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { refusal } from "../support/FailingVendor.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { HttpAnswer } from "../support/Http.ts"
import type { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"
import * as Verify from "../support/verify.ts"

interface Fault {
  readonly name: string
  readonly share: number
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly breaks?: boolean
}

const script: { readonly seed: number; readonly faults: ReadonlyArray<Fault> } = JSON.parse(
  readFileSync("test/samples/failing-vendor.json", "utf8")
)

const [requests, connections, sessions] = [500, 50, 25]

const answerOf = ({ body, breaks, headers = {}, status }: Fault): ScriptedAnswer => {
  if (breaks === true) return { _tag: "Frames", status, headers, frames: [], destroyAfter: 0 }
  const refused = refusal(status, headers)
  return body === undefined || refused._tag !== "Fixed" ? refused : { ...refused, body }
}

/** The fault of the vendor's next answer; undefined: it works. */
const faults = (random: SeededRandom) => (): Fault | undefined => {
  let left = random.next()
  return script.faults.find(({ share }) => (left -= share) < 0)
}

const spoiltKey = "sk-spoilt-0123456789"

const vendor = (name: string, random: SeededRandom) => {
  const next = faults(random)
  let count = 0
  return FakeUpstream.make({
    respond: (request: ReceivedRequest) => {
      if (request.headers["authorization"] === `Bearer ${spoiltKey}`) return refusal(401)
      const fault = next()
      return fault === undefined ? Chat.answering([`${name}-${++count}.`])(request) : answerOf(fault)
    }
  })
}

const retry = { max_retries: 2, initial_delay_ms: 10, max_delay_ms: 40 }

const given = Effect.gen(function*() {
  const random = new SeededRandom(script.seed)
  const [one, two] = [yield* vendor("one", random), yield* vendor("two", random)]
  const strata = yield* Strata.make({
    level: "raw",
    providers: [
      Strata.openAi(one, {
        models: ["m"],
        api_keys: [
          { name: "red", key: "sk-red-0123456789" },
          { name: "spoilt", key: spoiltKey },
          { name: "blue", key: "sk-blue-0123456789" }
        ],
        retry,
        limits: { concurrency: 4, queue: 1000 },
        breaker: { failures: 40, window_ms: 1000, open_ms: 100 }
      }, "one"),
      Strata.openAi(two, { models: ["m"], retry }, "two")
    ],
    models: [{
      model_id: "fast",
      provider_id: "one",
      provider_model_id: "m",
      routing: { targets: [{ model: "one/m" }, { model: "two/m" }] }
    }]
  })
  return { one, two, strata }
})

const ofType = (events: ReadonlyArray<RecordedEvent>, type: string) => events.filter((event) => event.type === type)

const textsOf = (event: RecordedEvent | undefined): string => {
  const { body, frames } = Object(event === undefined ? {} : payloadOf(event))
  return typeof body === "string"
    ? body
    : (frames ?? []).map(([, frame]: [number, string]) => frame).join("")
}

/** What a request met, in order, and who answered: `503, 2 retries, fallback -> two`. */
const storyOf = (events: ReadonlyArray<RecordedEvent>): string => {
  const met = events.flatMap((event) => {
    const payload = Object(payloadOf(event))
    switch (event.type) {
      case "llm:error":
        // Of Strata itself: the breaker is open, or all keys rest.
        return [payload.error.type === "ProviderRejected" ? "not asked" : payload.error.type]
      case "provider:retry":
        return [payload.key === null ? "retry" : "another key"]
      case "provider:fallback":
        return ["fallback"]
      default:
        return []
    }
  })
  const answered = ofType(events, "llm:response")[0]
  const key = ofType(events, "provider:key_selected").find(({ attempt }) => attempt === answered?.attempt)
  const by = answered === undefined
    ? "a refusal"
    : [answered.provider, Object(key && payloadOf(key)).key].join(" ").trim()
  return `${met.length === 0 ? "nothing" : met.join(", ")} -> ${by}`
}

const assertAgrees = (answer: HttpAnswer, events: ReadonlyArray<RecordedEvent>) => {
  const [ended] = [...ofType(events, "api:response"), ...ofType(events, "api:error")]
  assert.strictEqual(Object(payloadOf(ended!)).status, answer.status)
  const [raw] = [...ofType(events, "api:response:raw"), ...ofType(events, "api:error:raw")]
  assert.strictEqual(textsOf(raw), answer.text)
  const [word] = /(one|two)-\d+\./.exec(answer.text) ?? []
  const vendors = ofType(events, "llm:response:raw")
  assert.strictEqual(vendors.length, answer.status === 200 ? 1 : 0)
  if (answer.status !== 200) return
  assert.include(textsOf(vendors[0]), word!)
  assert.strictEqual(vendors[0]!.provider, word!.split("-")[0])
  assert.strictEqual(
    answer.headers["x-strata-degradation"] !== undefined,
    ofType(events, "provider:fallback").length > 0
  )
}

/** Each retry waited as long as it says, and that is not shorter than the vendor asked. */
const assertWaited = (events: ReadonlyArray<RecordedEvent>) => {
  for (const event of ofType(events, "provider:retry")) {
    const { delay_ms, retry_after } = Object(payloadOf(event))
    assert.isAtLeast(delay_ms, (retry_after ?? 0) * 1000)
    const next = events.find((each) => each.type === "llm:request" && each.causationId === event.id)
    assert.isDefined(next)
    assert.isAtLeast(next!.time - event.time, delay_ms - 1)
  }
}

describe("vendors that fail by a script", () => {
  it.live(
    "are asked again, by other keys and in another's place, and every client gets what the log says",
    () =>
      Effect.gen(function*() {
        const { one, strata, two } = yield* given
        const answers = yield* Effect.forEach(
          Array.from({ length: requests }, (_, n) => n),
          (n) =>
            Chat.ask(strata.url, {
              model: "fast",
              session: `s${n % sessions}`,
              content: `Question ${n}?`,
              stream: n % 2 === 1
            }),
          { concurrency: connections }
        )
        const events = yield* strata.events()
        const byRequest = Map.groupBy(events, ({ requestId }) => requestId ?? "")
        const table = new Map<string, number>()
        for (const answer of answers) {
          const own = byRequest.get(Chat.requestId(answer)) ?? []
          assertAgrees(answer, own)
          assertWaited(own)
          const story = storyOf(own)
          table.set(story, (table.get(story) ?? 0) + 1)
        }
        const stories = [...table].sort(([, one], [, other]) => other - one)
        if (process.env["STRATA_TEST_TABLE"] !== undefined) {
          console.log(stories.map(([s, n]) => `${n}\t${s}`).join("\n"))
        }
        const met = stories.map(([story]) => story).join("\n")
        for (const part of ["nothing -> one red", "retry", "another key", "fallback", "-> two", "a refusal"]) {
          assert.include(met, part)
        }
        assert.notInclude(met, "-> one spoilt")
        for (const type of ["provider:throttle", "provider:key_selected", "provider:request_degraded"]) {
          assert.isAbove(ofType(events, type).length, 0, type)
        }
        assert.isAbove(answers.filter(({ status }) => status === 200).length, requests * 0.9)

        const before = one.received.length + two.received.length
        const reports = yield* Verify.verify(strata.folder, Array.from({ length: sessions }, (_, n) => `s${n}`))
        assert.strictEqual(reports.reduce((sum, report) => sum + report.requests, 0), requests)
        for (const { divergence, session, skipped } of reports) {
          assert.deepStrictEqual([session, divergence, skipped], [session, undefined, []])
        }
        assert.strictEqual(one.received.length + two.received.length, before)
      }).pipe(Effect.scoped),
    120_000
  )
})
