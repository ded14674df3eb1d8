/** What happens with one request of the run: what is asked, what the vendor does, and when the client leaves. */
import { SeededRandom } from "../../../bench/crash/SeededRandom.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import { Keys } from "../Keys.ts"
import * as Words from "./Words.ts"

/** How the vendor answers. */
export const answers = [
  "whole",
  "error",
  "error text",
  "error as success",
  "torn",
  "unended",
  "reset",
  "no text",
  "empty",
  "compressed",
  "held"
] as const
export type Answer = (typeof answers)[number]

export interface Scenario {
  readonly number: number
  /** Stands in the request's body, and in the vendor's answer. */
  readonly mark: string
  readonly answer: Answer
  readonly isStream: boolean
  /** Asked of the provider with a level of its own, or of the other. */
  readonly model: string
  readonly level: Level | undefined
  readonly session: string | undefined
  /** Whose key is sent. */
  readonly client: string
  /** When the client leaves: bytes of the answer that it waits for. */
  readonly leavesAfter: number | undefined
  /** Two calls side by side in one request, in this process. */
  readonly isPair: boolean
  /** No chat at all. */
  readonly isStray: boolean
  /** Not of the API's Schema. */
  readonly isInvalid: boolean
  readonly hook: "none" | "continue" | "deny" | "modify" | "inject" | "fail"
  readonly hookOnAnswer: "none" | "deny" | "modify"
  readonly content: ReadonlyArray<string>
}

/** The key that the configuration has for the vendor: a vendor may repeat it. */
export const vendorKey = "sk-golden-vendor-0123456789abcdefghij"

export const clients = ["alice", "bob", "carol"]

/** Sessions that requests share. */
const sessions = 12

/** One in so many. */
const oneIn = (random: SeededRandom, count: number): boolean => random.between(1, count) === 1

const answerOf = (random: SeededRandom): Answer => oneIn(random, 2) ? "whole" : random.pick(answers)

/** Seed and number say all of it. */
export const of = (seed: number, number: number): Scenario => {
  const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
  const answer = answerOf(random)
  const isPair = oneIn(random, 12) && answer !== "held"
  const leaves = answer === "held" || oneIn(random, 14)
  const secrets = [vendorKey, Keys.keyOf(clients[0]!), "Bearer abcdefghijklmnop0123456789"]
  return {
    number,
    mark: `golden-${number}`,
    answer,
    isStream: oneIn(random, 2),
    model: random.pick(["plain/m", "plain/m", "quiet/m", "loud/m"]),
    level: random.pick([undefined, undefined, "default", "debug", "raw"] as const),
    session: oneIn(random, 3) ? `golden-${random.between(1, sessions)}` : undefined,
    client: random.pick(clients),
    leavesAfter: leaves && !isPair ? random.pick([0, 0, 1, 200]) : undefined,
    isPair,
    isStray: oneIn(random, 40),
    isInvalid: oneIn(random, 30),
    hook: random.pick(["none", "none", "continue", "deny", "modify", "inject", "fail"] as const),
    hookOnAnswer: random.pick(["none", "none", "none", "deny", "modify"] as const),
    content: Words.some(random, secrets)
  }
}

/** The body of its chat. */
export const bodyOf = (scenario: Scenario, seed: number): string => {
  const { content, isInvalid, isStream, mark, model, number } = scenario
  const random = new SeededRandom(seed ^ (number * 31 + 7))
  const messages = content.map((text, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content: text }))
  const body = {
    model,
    user: mark,
    ...(isStream ? { stream: true } : {}),
    ...(oneIn(random, 3) ? { temperature: random.between(0, 20) / 10, max_tokens: random.between(1, 4096) } : {}),
    ...(oneIn(random, 8) ? { metadata: { api_key: "sk-client-0123456789abcdefghijklmn", "漢字": "😀" } } : {}),
    messages: isInvalid ? "no messages" : messages
  }
  // As it was laid out by its client.
  return oneIn(random, 6) ? JSON.stringify(body, null, 2) : JSON.stringify(body)
}
