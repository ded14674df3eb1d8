/** A canonical message as Ollama has them: text, images as data, results of tools as messages of their own. */
import { Predicate, Schema } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import type { ImageBlock, ToolCallBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import { ContentBlock, isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import * as DataUrl from "../../messages/DataUrl.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { given } from "../anthropic/WireFields.ts"
import { dropped } from "../chat/Losses.ts"
import { asFile } from "../DeveloperMessage.ts"
import type { LoweringReport } from "../LoweringReport.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

/** What stands between two texts of one message. */
const between = "\n\n"

export const call = (block: ToolCallBlock): Fields => {
  const { function: more, ...options } = optionsFor(dialect, block)
  return {
    ...options,
    ...(block.id === "" ? {} : { id: block.id }),
    function: { ...(isFields(more) ? more : {}), name: block.name, arguments: block.input }
  }
}

const decodeBlock = Schema.decodeUnknownResult(ContentBlock)

/** A block of a list that a tool gave; undefined for what is the tool's own JSON. */
const partOf = (value: Schema.Json): ContentBlock | undefined => {
  const decoded = decodeBlock(value)
  if (decoded._tag !== "Success") return undefined
  const block = decoded.success
  return isModeled(block) && (block.type === "text" || block.type === "image") ? block : undefined
}

/** The fields of a message that blocks become. */
class Parts {
  readonly texts: Array<string> = []
  readonly images: Array<string> = []
  readonly #report: LoweringReport

  constructor(report: LoweringReport) {
    this.#report = report
  }

  text(text: string): void {
    if (text !== "") this.texts.push(text)
  }

  /** `must`: without it the answer would be one to something else. */
  image(block: ImageBlock, must: boolean): void {
    const data = DataUrl.inSource(block.source)?.data
    if (data !== undefined) this.images.push(data)
    else if (must) this.#report.refuse("messages", "messages: an image by its URL, where Ollama takes its bytes alone")
    else this.#report.degrade(dropped(block, dialect))
  }

  get fields(): Fields {
    return {
      content: this.texts.join(between),
      ...(this.images.length === 0 ? {} : { images: this.images })
    }
  }
}

/** Of results, the tools they are of, by the call's id. */
export type Names = ReadonlyMap<string, string>

export const namesOf = (messages: ReadonlyArray<Message>): Names =>
  new Map(
    messages.flatMap(blocksOf).flatMap((block) =>
      isModeled(block) && block.type === "tool_call" ? [[block.id, block.name] as const] : []
    )
  )

/** That the tool failed stands in its words alone: there is no field for it. */
const result = ({ output, tool_call_id, ...block }: ToolResultBlock, names: Names, report: LoweringReport): Fields => {
  const parts = new Parts(report)
  const blocks = Array.isArray(output) ? output.map(partOf) : []
  if (blocks.length > 0 && blocks.every(Predicate.isNotUndefined)) {
    for (const each of blocks) {
      if (each.type === "text") parts.text(asText(each["text"]))
      else parts.image(each as ImageBlock, true)
    }
  } else parts.text(Predicate.isString(output) ? output : JSON.stringify(output))
  return {
    ...optionsFor(dialect, block),
    role: "tool",
    ...parts.fields,
    ...given("tool_name", names.get(tool_call_id)),
    ...(tool_call_id === "" ? {} : { tool_call_id })
  }
}

/** Whether a thought may go back: it is signed for nobody else. */
const isReadable = (block: Extract<ContentBlock, { readonly type: "thinking" }>): boolean =>
  (block.producer_dialect == null || block.producer_dialect === dialect) && block["signature"] == null

const roleOf = (role: Message["role"]): "system" | "user" | "assistant" =>
  role === "system" || role === "assistant" ? role : "user"

/** Results first, in order, then what else the message says. */
export const lower = (message: Message, names: Names, report: LoweringReport): ReadonlyArray<Fields> => {
  const role = roleOf(message.role)
  const results: Array<Fields> = []
  const calls: Array<Fields> = []
  const thoughts: Array<string> = []
  const parts = new Parts(report)
  const blocks = message.role === "developer" ? asFile(blocksOf(message)) : blocksOf(message)
  const isResult = (message.role === "tool" || message.role === "function") && message.tool_call_id != null &&
    !blocks.some(({ type }) => type === "tool_result")
  if (isResult) {
    const output = Predicate.isString(message.content) ? message.content : message.content.map((each) => ({ ...each }))
    return [result({ type: "tool_result", tool_call_id: message.tool_call_id!, output }, names, report)]
  }
  for (const block of blocks) {
    if (!isModeled(block)) {
      if (role === "user") report.refuse("messages", `messages: Ollama has no block ${wireTypeOf(block)}`)
      else report.degrade(dropped(block, dialect))
    } else if (block.type === "text") parts.text(block.text)
    else if (block.type === "image") parts.image(block, role === "user")
    else if (block.type === "tool_call") {
      if (block.name === "") report.refuse("messages", "messages: a tool call that names no tool")
      calls.push(call(block))
    } else if (block.type === "tool_result") results.push(result(block, names, report))
    else if (block.type === "thinking" && isReadable(block)) thoughts.push(block.thinking)
    else report.degrade(dropped(block, dialect))
  }
  const thinking = thoughts.filter((thought) => thought !== "").join(between)
  const isSilent = parts.texts.length + parts.images.length + calls.length + thinking.length === 0
  if (isSilent && (results.length > 0 || role !== "assistant")) return results
  return [
    ...results,
    {
      ...optionsFor(dialect, message),
      role,
      ...parts.fields,
      ...(thinking === "" || role !== "assistant" ? {} : { thinking }),
      ...(calls.length === 0 ? {} : { tool_calls: calls })
    }
  ]
}
