/** A whole chat completion as a stream that says the same: for a client that asked a vendor who can't stream. */
import { field, objectOf, parse } from "../../../events/types/JsonAccess.ts"
import { doneFrame } from "./DoneFrame.ts"

const frameOf = (value: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

/** In a stream, a tool call says which one it is. */
const deltaOf = (message: unknown) => {
  const calls = field(message, "tool_calls")
  const numbered = Array.isArray(calls)
    ? { tool_calls: calls.map((call, index) => ({ index, ...objectOf(call) })) }
    : {}
  return { ...objectOf(message), ...numbered }
}

const chunkOf = (choice: unknown) => {
  const { message, ...others } = { message: undefined, ...objectOf(choice) }
  return { ...others, delta: deltaOf(message) }
}

/** One chunk, and the last frame; undefined for what is no completion, such as an error. */
export const frames = (text: string): ReadonlyArray<Uint8Array> | undefined => {
  const body = parse(text)
  const choices = field(body, "choices")
  if (!Array.isArray(choices) || choices.length === 0) return undefined
  return [
    frameOf({ ...objectOf(body), object: "chat.completion.chunk", choices: choices.map(chunkOf) }),
    doneFrame.lastFrame
  ]
}
