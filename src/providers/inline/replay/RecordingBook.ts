/** The answers of a recording, found by request: same JSON, same answer, whatever the order of its keys. */
import * as LooseJson from "../../../events/LooseJson.ts"
import { canonical, differences } from "../../../kernel/replay/JsonDifference.ts"
import type { RecordedCall } from "../../../kernel/replay/RecordedCalls.ts"

/** Sessions whose place among several answers to one request is remembered. */
const rememberedPlaces = 10_000

const show = (value: unknown): string => value === undefined ? "nothing" : JSON.stringify(value).slice(0, 120)

/** The body's value; what is not JSON stands for itself. */
const valueOf = (body: string): unknown => LooseJson.parse(body) ?? body

/** The same request said in several ways has one key: a null is as good as absent, and so is `stream: false`. */
const keyOf = (body: string): string => {
  const value = valueOf(body)
  if (typeof value !== "object" || value === null || Array.isArray(value)) return canonical(value)
  const said = Object.entries(value).filter(([name, each]) => each !== null && !(name === "stream" && each === false))
  return canonical(Object.fromEntries(said))
}

export class RecordingBook {
  readonly #calls: ReadonlyArray<RecordedCall>
  readonly #pages = new Map<string, Array<RecordedCall>>()
  readonly #places = new Map<string, number>()

  constructor(calls: ReadonlyArray<RecordedCall>) {
    this.#calls = calls
    for (const call of calls) {
      const key = keyOf(call.request.body)
      this.#pages.set(key, [...this.#pages.get(key) ?? [], call])
    }
  }

  /** Models that were asked, as the vendor names them. */
  get models(): ReadonlyArray<string> {
    const models = this.#calls.map(({ request }) => valueOf(request.body))
      .map((body) => typeof body === "object" && body !== null && "model" in body ? String(body.model) : "")
    return [...new Set(models)].filter((model) => model !== "")
  }

  /**
   * The answer to a request. Where the same request was recorded several times, each session gets the answers in
   * their order, and then from the beginning again.
   */
  find(body: string, sessionId: string): RecordedCall | undefined {
    const key = keyOf(body)
    const answers = this.#pages.get(key)
    if (answers === undefined || answers.length < 2) return answers?.[0]
    const place = `${sessionId} ${key}`
    const index = this.#places.get(place) ?? 0
    if (this.#places.size >= rememberedPlaces) this.#places.clear()
    this.#places.set(place, index + 1)
    return answers[index % answers.length]
  }

  /** Says what is nearest to a request that was not recorded, and what differs. */
  explainMiss(body: string): string {
    const wanted = valueOf(body)
    const [nearest] = this.#calls
      .map(({ request }) => differences(valueOf(request.body), wanted))
      .sort((one, other) => one.length - other.length)
    if (nearest === undefined) return "the recording holds no calls"
    const places = nearest.slice(0, 3).map(({ expected, found, path }) =>
      `${path === "" ? "the body" : path}: recorded ${show(expected)}, asked ${show(found)}`
    )
    return `the nearest recording differs in ${nearest.length === 1 ? "one place" : `${nearest.length} places`}: ${
      places.join("; ")
    }`
  }
}
