/**
 * Every call of a tool has one result, right behind the message that calls, and every result has its call: what vendors
 * insist on. A conversation that has lost something is repaired; nothing is changed in place.
 */
import type { ContentBlock, ToolCallBlock, ToolResultBlock } from "./ContentBlock.ts"
import type { Message } from "./Message.ts"
import { blocksOf } from "./Message.ts"

/**
 * - `missing_result`: a call without a result got one that says so.
 * - `moved_result`: a result stood elsewhere, and came behind its call.
 * - `repeated_result`: of several results of one call the last is kept.
 * - `orphan_result`: a result without a call became a text of the user.
 */
export type RepairKind = "missing_result" | "moved_result" | "repeated_result" | "orphan_result"

export interface Repair {
  readonly kind: RepairKind
  readonly tool_call_id: string
  /** Empty where no call says it. */
  readonly tool_name: string
}

export interface Repaired {
  readonly messages: ReadonlyArray<Message>
  readonly repairs: ReadonlyArray<Repair>
}

const isCall = (block: ContentBlock): block is ToolCallBlock => block.type === "tool_call"
const isResult = (block: ContentBlock): block is ToolResultBlock => block.type === "tool_result"

/** A tool's message that names its call beside its content says the same in a block. */
const normalized = (message: Message): Message => {
  const { content, role, tool_call_id, ...rest } = message
  if (role !== "tool" || typeof tool_call_id !== "string" || blocksOf(message).some(isResult)) return message
  return { ...rest, role, content: [{ type: "tool_result", tool_call_id, output: content }] }
}

const missing = ({ id, name }: ToolCallBlock): ToolResultBlock => ({
  type: "tool_result",
  tool_call_id: id,
  output: `The result of this call of ${name} is not in the conversation. The tool may have run. ` +
    "Say that its result was lost, and offer to call it again.",
  is_error: true
})

const textOf = ({ output }: ToolResultBlock): string => typeof output === "string" ? output : JSON.stringify(output)

const orphan = (result: ToolResultBlock): ContentBlock => ({
  type: "text",
  text: `A tool's result whose call is not in the conversation (${result.tool_call_id}): ${textOf(result)}`
})

const resultsOf = (message: Message): ReadonlyArray<ToolResultBlock> =>
  typeof message.content === "string" ? [] : message.content.filter(isResult)

/** The messages that stand right behind a call: those that hold nothing but results. */
const follows = (message: Message | undefined): message is Message =>
  message !== undefined && resultsOf(message).length > 0 && resultsOf(message).length === blocksOf(message).length

const inOrder = (given: ReadonlyArray<Message>): boolean => {
  const open = new Set<string>()
  for (const message of given) {
    const results = resultsOf(message)
    for (const { tool_call_id } of results) if (!open.delete(tool_call_id)) return false
    if (open.size > 0 && results.length === 0) return false
    for (const { id } of blocksOf(message).filter(isCall)) {
      if (open.has(id)) return false
      open.add(id)
    }
  }
  return open.size === 0
}

/** Puts the results of each message's calls behind it; what was there of them is left where it is. */
const rebuild = (given: ReadonlyArray<Message>): Repaired => {
  const repairs: Array<Repair> = []
  const callers = new Map<string, { readonly at: number; readonly call: ToolCallBlock }>()
  for (const [at, message] of given.entries()) {
    for (const call of blocksOf(message).filter(isCall)) if (!callers.has(call.id)) callers.set(call.id, { at, call })
  }
  const results = new Map<string, { readonly at: number; readonly result: ToolResultBlock }>()
  for (const [at, message] of given.entries()) {
    for (const result of resultsOf(message)) {
      const { tool_call_id } = result
      const tool_name = callers.get(tool_call_id)?.call.name ?? ""
      if (results.has(tool_call_id)) repairs.push({ kind: "repeated_result", tool_call_id, tool_name })
      else if (!callers.has(tool_call_id)) repairs.push({ kind: "orphan_result", tool_call_id, tool_name })
      results.set(tool_call_id, { at, result })
    }
  }

  const messages: Array<Message> = []
  for (const [at, message] of given.entries()) {
    const kept = withoutResults(message, callers, results, at)
    if (kept !== undefined) messages.push(kept)
    const calls = blocksOf(message).filter(isCall).filter(({ id }) => callers.get(id)?.at === at)
    if (calls.length === 0) continue
    const content = calls.map((call) => {
      const before = results.get(call.id)
      const tool = { tool_call_id: call.id, tool_name: call.name }
      if (before === undefined) repairs.push({ kind: "missing_result", ...tool })
      else if (!isBehind(given, at, before.at)) repairs.push({ kind: "moved_result", ...tool })
      return before?.result ?? missing(call)
    })
    messages.push({ role: "tool", content })
  }
  return { messages, repairs }
}

/** True where only results stand between. */
const isBehind = (given: ReadonlyArray<Message>, caller: number, result: number): boolean =>
  result > caller && given.slice(caller + 1, result).every(follows)

/** What is left of a message when its results stand behind their calls; undefined: nothing. */
const withoutResults = (
  message: Message,
  callers: ReadonlyMap<string, unknown>,
  results: ReadonlyMap<string, { readonly at: number }>,
  at: number
): Message | undefined => {
  const own = resultsOf(message)
  if (own.length === 0) return message
  const content = blocksOf(message).flatMap((block) => {
    if (!isResult(block)) return [block]
    const { tool_call_id } = block
    return callers.has(tool_call_id) || results.get(tool_call_id)?.at !== at ? [] : [orphan(block)]
  })
  if (content.length === 0) return undefined
  return { ...message, role: message.role === "tool" ? "user" : message.role, content }
}

/** The same conversation where nothing is missing; else a new one, and what was done. Repairing it again changes nothing. */
export const repair = (given: ReadonlyArray<Message>): Repaired => {
  const messages = given.map(normalized)
  const ids = messages.flatMap((message) => blocksOf(message).filter(isCall).map(({ id }) => id))
  // Which call of two of one id a result belongs to nobody knows: that is left to the vendor.
  if (inOrder(messages) || new Set(ids).size < ids.length) return { messages: given, repairs: [] }
  return rebuild(messages)
}
