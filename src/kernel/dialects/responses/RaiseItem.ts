/** Items of an input or an output: what a model answers as blocks, everything else as messages. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { asText, textOrNull, without } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import type { Origin } from "../chat/RaiseMessage.ts"
import * as ToolArguments from "../chat/ToolArguments.ts"
import * as OtherCalls from "./OtherCalls.ts"
import { meaningful, part, parts } from "./RaisePart.ts"
import * as RaiseReasoning from "./RaiseReasoning.ts"

/** The first block of a message remembers the item it began, the others that they are of the same. */
const spoken = ({ content, ...rest }: Schema.JsonObject, origin: Origin) => {
  const item = meaningful(without(rest, ["role", "type"]))
  const given = Array.isArray(content)
    ? content
    : Predicate.isString(content)
    ? [{ type: "output_text", text: content }]
    : []
  return given.map((each: unknown, index) => part(each, "assistant", origin, index === 0 ? { item } : { joined: true }))
}

const call = ({ arguments: text, call_id, id, name, ...rest }: Schema.JsonObject, origin: Origin) => {
  const options = meaningful({ ...without(rest, ["type"]), id: id ?? null })
  return [{
    type: "tool_call",
    id: textOrNull(call_id) ?? textOrNull(id) ?? "",
    name: textOrNull(name) ?? "",
    ...ToolArguments.raise(text),
    ...origin,
    ...optionsOf("responses", options)
  }] as const
}

/** Adds what an item of the model's says. */
export const addAnswer = (blocks: Array<ContentBlock>, item: Schema.JsonObject, origin: Origin): void => {
  switch (item["type"] ?? "message") {
    case "message":
      addAll(blocks, spoken(item, origin))
      break
    case "function_call":
      addAll(blocks, call(item, origin))
      break
    case "reasoning": {
      const raised = RaiseReasoning.raise(item, origin)
      const last = blocks.at(-1)
      if ("block" in raised) blocks.push(raised.block)
      else if (last !== undefined) blocks[blocks.length - 1] = { ...last, ...raised.previous }
      break
    }
    default:
      blocks.push(unknownBlock("responses_block", { block: item, ...origin }))
  }
}

/** All that an output says. */
export const answer = (output: ReadonlyArray<Schema.JsonObject>, origin: Origin): ReadonlyArray<ContentBlock> => {
  const blocks: Array<ContentBlock> = []
  for (const item of output) addAnswer(blocks, item, origin)
  return blocks
}

const roles: ReadonlySet<unknown> = new Set(["user", "system", "developer"])

export const isMessage = ({ role, type }: Schema.JsonObject): boolean =>
  (type === undefined || type === "message") && roles.has(role)

/** A system message that is an item says so: the others are instructions. */
export const message = ({ content, role, ...rest }: Schema.JsonObject): Schema.JsonObject => ({
  role: role!,
  content: parts(content, asText(role)) ?? content ?? "",
  ...optionsOf("responses", {
    ...meaningful(without(rest, ["type"])),
    ...(role === "system" ? { type: "message" } : {})
  })
})

/** Whether an item is what came of a tool. */
export const isResult = ({ type }: Schema.JsonObject): boolean =>
  Predicate.isString(type) && /_(output|response)$/.test(type)

const resultBlock = (item: Schema.JsonObject): ContentBlock => {
  const { call_id, output, type, ...rest } = item
  if (type !== "function_call_output" || !Predicate.isString(call_id)) {
    return OtherCalls.raiseResult(item) ?? unknownBlock("responses_block", { block: item })
  }
  return {
    type: "tool_result",
    tool_call_id: call_id,
    output: parts(output, "tool") ?? output ?? "",
    ...optionsOf("responses", meaningful(rest))
  } as ContentBlock
}

export const result = (item: Schema.JsonObject): Schema.JsonObject => ({
  role: "tool",
  content: [resultBlock(item)] as ReadonlyArray<Schema.Json>
})
