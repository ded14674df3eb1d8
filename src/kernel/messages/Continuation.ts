/**
 * An answer that was cut off is gone on with: the model is asked again with what it has said so far, and both are one
 * answer.
 */
import type { ChatRequest } from "./ChatRequest.ts"
import type { ChatResponse } from "./ChatResponse.ts"
import type { ContentBlock, TextBlock } from "./ContentBlock.ts"
import { isModeled } from "./ContentBlock.ts"
import * as UsageSum from "./UsageSum.ts"

/** Vendors answer no shorter: what a client has left below it is not asked for. */
export const leastOutput = 16

const isText = (block: ContentBlock | undefined): block is TextBlock =>
  block !== undefined && isModeled(block) && block.type === "text"

/** The tokens that the client's own bound leaves; undefined: it set none. */
const leftOf = ({ max_output_tokens }: ChatRequest, { usage }: ChatResponse): number | undefined => {
  if (max_output_tokens == null) return undefined
  return usage == null ? 0 : max_output_tokens - usage.output_tokens
}

/** Vendors refuse a last turn of the assistant that ends in a space. */
const trimmed = (content: ReadonlyArray<ContentBlock>): ReadonlyArray<ContentBlock> =>
  content.map((block, index) =>
    index === content.length - 1 && isText(block) ? { ...block, text: block.text.trimEnd() } : block
  )

/**
 * What is asked next; undefined where the answer is whole, where the client's own bound has cut it, and where there is no
 * text to go on with: a call of a tool waits for its result, and a thought alone is no beginning of an answer.
 */
export const next = (request: ChatRequest, answer: ChatResponse): ChatRequest | undefined => {
  const { content, finish_reason } = answer
  const last = content.at(-1)
  const left = leftOf(request, answer)
  if (finish_reason !== "length" || !isText(last) || last.text.trim() === "" || last["refusal"] === true) {
    return undefined
  }
  if (content.some(({ type }) => type === "tool_call") || (left !== undefined && left < leastOutput)) return undefined
  return {
    ...request,
    ...(left === undefined ? {} : { max_output_tokens: left }),
    messages: [...request.messages, { role: "assistant", content: trimmed(content) }]
  }
}

/** What of more text goes behind a text: space that the model was not given stands there already, and comes once. */
export const seam = (before: string, more: string): string => {
  const space = before.slice(before.trimEnd().length)
  let same = 0
  while (same < space.length && space[same] === more[same]) same++
  return more.slice(same)
}

const joinedText = (before: TextBlock, more: TextBlock): TextBlock => ({
  ...before,
  ...more,
  text: before.text + seam(before.text, more.text)
})

/** The text goes on where it ended, unless the model thinks first. */
const joinedContent = (
  before: ReadonlyArray<ContentBlock>,
  more: ReadonlyArray<ContentBlock>
): ReadonlyArray<ContentBlock> => {
  const [last, first] = [before.at(-1), more[0]]
  return isText(last) && isText(first)
    ? [...before.slice(0, -1), joinedText(last, first), ...more.slice(1)]
    : [...before, ...more]
}

/** Two answers as one: it has the id of the first, and ends as the second does. */
export const join = (before: ChatResponse, more: ChatResponse): ChatResponse => {
  const usage = UsageSum.add(before.usage, more.usage)
  const { metadata, usage: _, ...rest } = more
  return {
    ...rest,
    content: joinedContent(before.content, more.content),
    ...(usage === undefined ? {} : { usage }),
    ...(before.metadata === undefined ? metadata === undefined ? {} : { metadata } : { metadata: before.metadata })
  }
}
