/** A client that sends all of a conversation with each question, as they do: each request is longer than the last. */
import { Effect } from "effect"
import type { Scope } from "effect"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { Strata } from "./Strata.ts"

export const session = "long-conversation"

const syllables =
  "ba be bi bo cor dan der el en fi fra gen har il in ka kon la lem lo mar men mi nal nor o par pel qua ra " +
  "rem ri sa sen sol ta ter ti tra u ul va ven vi xo ya zen"

/** The same numbers each time. */
const random = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ state >>> 15, 1 | state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}

const vocabulary = 5000

/** Its words come as often as those of a language: it compresses as English does, at any length. */
export const prose = (seed = 1): (length: number) => string => {
  const next = random(seed)
  const parts = syllables.split(" ")
  const syllable = () => parts[Math.floor(next() * parts.length)]!
  const words = Array.from({ length: vocabulary }, (_, rank) => {
    const longest = Math.min(3.5, 1 + Math.log10(rank + 1))
    return Array.from({ length: 1 + Math.floor(next() * longest) }, syllable).join("")
  })
  const sums: Array<number> = []
  for (const rank of words.keys()) sums.push((sums.at(-1) ?? 0) + 1 / (rank + 2.7))
  const word = (): string => {
    const wanted = next() * sums.at(-1)!
    let [low, high] = [0, vocabulary - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return words[low]!
  }
  return (length) => {
    let text = ""
    while (text.length < length) text += `${Array.from({ length: 6 + Math.floor(next() * 14) }, word).join(" ")}. `
    return text.slice(0, length)
  }
}

export interface Turn {
  readonly question: string
  readonly answer: string
}

/** Every turn is asked of a whole server, whose log is in the folder. */
export const hold = Effect.fnUntraced(function*(
  folder: string,
  turns: ReadonlyArray<Turn>
): Effect.fn.Return<Array<string>, never, Scope.Scope> {
  let asked = 0
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  const upstream = yield* FakeUpstream.make({
    models: ["m"],
    respond: (request) => {
      if (request.method !== "POST") return undefined
      const given = Chat.answering([turns[asked++]!.answer])(request)
      return given._tag === "Fixed" ? { ...given, body: JSON.stringify({ ...JSON.parse(given.body), usage }) } : given
    }
  })
  const strata = yield* Strata.make({
    folder,
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] })]
  })
  const messages: Array<{ readonly role: string; readonly content: string }> = []
  const bodies: Array<string> = []
  for (const { answer, question } of turns) {
    messages.push({ role: "user", content: question })
    const body = JSON.stringify({ model: "upstream/m", messages, temperature: 0.7, user: "customer-4711" })
    bodies.push(body)
    yield* Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session })
    messages.push({ role: "assistant", content: answer })
  }
  yield* strata.close
  return bodies
})
