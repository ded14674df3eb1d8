/** A vendor that refuses what a real one refuses, and answers a conversation turn by turn. */
import type { Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import type { ReceivedRequest } from "../FakeUpstream.ts"
import type { ScriptedAnswer } from "../ScriptedAnswer.ts"

export type Fields = Schema.JsonObject

export const fieldsOf = (value: unknown): Fields => Object(value) as Fields

export const listOf = (value: unknown): ReadonlyArray<Fields> => Array.isArray(value) ? value as Array<Fields> : []

/** Names in `value` that are not among `known`. */
export const unknownIn = (where: string, value: Fields, known: ReadonlyArray<string>): ReadonlyArray<string> =>
  Object.keys(value).filter((name) => !known.includes(name)).map((name) => `${where}: no field ${name}`)

/** Both values, where they differ. */
export const differing = (where: string, actual: unknown, expected: unknown): ReadonlyArray<string> =>
  isDeepStrictEqual(actual, expected)
    ? []
    : [`${where}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`]

/** `message` where something must hold and does not. */
export const unless = (holds: boolean, message: string): ReadonlyArray<string> => holds ? [] : [message]

export interface Rules {
  /** What is wrong with a request. */
  readonly issues: (request: ReceivedRequest) => ReadonlyArray<string>
  /** How many turns of the model it holds. */
  readonly turns: (body: Fields) => number
  readonly asksStream: (request: ReceivedRequest) => boolean
  readonly refusal: (message: string) => ScriptedAnswer
  readonly plain: (answer: Fields) => ScriptedAnswer
  readonly streamed: (answer: Fields) => ScriptedAnswer
}

/** `answers`: of the first turn, the second … as the vendor gives them whole. */
export const respond = (rules: Rules, answers: ReadonlyArray<Fields>) => (request: ReceivedRequest): ScriptedAnswer => {
  const issues = rules.issues(request)
  if (issues.length > 0) return rules.refusal(`${issues.join("; ")} IN ${request.bodyText}`)
  const answer = answers[rules.turns(fieldsOf(request.body))]
  if (answer === undefined) return rules.refusal("there is no such turn")
  return rules.asksStream(request) ? rules.streamed(answer) : rules.plain(answer)
}
