/** Makes a conversation shorter where it is longer than it may be: whole exchanges are left out, oldest first. */
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { Message } from "../messages/Message.ts"
import { blocksOf } from "../messages/Message.ts"
import * as TokenEstimate from "../messages/TokenEstimate.ts"
import type { TurnCompaction } from "./TurnSettings.ts"

const isResult = ({ type }: { readonly type: string }): boolean => type === "tool_result"

/** A message of the user begins an exchange: what follows, calls and results among it, belongs to it. */
const begins = (message: Message): boolean =>
  message.role !== "assistant" && message.role !== "tool" && message.role !== "function" &&
  !blocksOf(message).some(isResult)

/** Where exchanges begin: several messages of the user behind each other begin one. */
const starts = (messages: ReadonlyArray<Message>): ReadonlyArray<number> =>
  messages.flatMap((message, index) => begins(message) && (index === 0 || !begins(messages[index - 1]!)) ? [index] : [])

export const tokensOf = (request: ChatRequest): number => TokenEstimate.of(request)

/**
 * How many of the first messages are to be left out; 0: none, for it fits, or nothing may be left out. `others`: what is
 * sent besides the conversation. What a summary takes is not counted: it is not there yet.
 */
export const removable = (
  messages: ReadonlyArray<Message>,
  { keep_last = 1, max_context_tokens }: TurnCompaction,
  others: Omit<ChatRequest, "messages"> & { readonly messages: ReadonlyArray<Message> }
): number => {
  const fits = (from: number): boolean =>
    tokensOf({ ...others, messages: [...others.messages, ...messages.slice(from)] }) <= max_context_tokens
  if (fits(0)) return 0
  const cuts = starts(messages).slice(1)
  const allowed = cuts.slice(0, Math.max(0, cuts.length - (keep_last - 1)))
  return allowed.find(fits) ?? allowed.at(-1) ?? 0
}

/** What of a conversation that is too long may be left at most, by the estimate of all of it. */
const leftBy = 0.75

/** How many of the first messages to leave out where a model has refused the conversation; 0: none may be. */
export const truncatable = (messages: ReadonlyArray<Message>): number => {
  const cuts = starts(messages).slice(1)
  const tokens = (from: number): number => tokensOf({ model: "", messages: messages.slice(from) })
  const most = leftBy * tokens(0)
  return cuts.find((cut) => tokens(cut) <= most) ?? cuts.at(-1) ?? 0
}

const question =
  "Write down what matters of this conversation for whoever goes on with it without having read it: what was " +
  "asked, what was decided, what tools gave, names, numbers and what is still open. Write the notes alone."

export const summaryRequest = (model: string, removed: ReadonlyArray<Message>): ChatRequest => ({
  model,
  messages: [...removed, { role: "user", content: question }]
})

/** What stands in place of what was left out. */
export const summaryMessage = (text: string): Message => ({
  role: "user",
  content: `What was said before, in short:\n${text}`
})
