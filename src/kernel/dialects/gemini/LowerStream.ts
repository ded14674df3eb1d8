/** A canonical answer as frames of the wire, part by part. */
import { Struct } from "effect"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import * as Errors from "./Errors.ts"
import * as LowerPart from "./LowerPart.ts"
import * as LowerResponse from "./LowerResponse.ts"
import type { Fields } from "./ProtoNames.ts"
import { isEmpty } from "./ProtoNames.ts"

const frame = (value: Fields): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)

const thought = { thinking: { thought: true }, text: {} } as const

const isStreamed = (kind: string | undefined): kind is keyof typeof thought => kind === "text" || kind === "thinking"

/** What stands behind a text that is out: its signature, and what else belongs to it. */
const behindText = (part: Fields): ReadonlyArray<Fields> =>
  isEmpty(Struct.omit(part, ["text", "thought"])) ? [] : [{ ...part, text: "" }]

export const make = (): StreamLowerer => {
  let head: Fields = {}
  const kinds = new Map<number, string>()
  /** Blocks of which text is out. */
  const begun = new Set<number>()

  const parts = (parts: ReadonlyArray<Fields>): Uint8Array =>
    frame({ candidates: [{ content: { role: "model", parts }, index: 0 }], ...head })

  const add = (part: StreamPart): ReadonlyArray<Uint8Array> => {
    switch (part.type) {
      case "response_start":
        head = LowerResponse.head(part.metadata)
        return []
      case "block_start":
        kinds.set(part.index, part.block)
        return []
      case "block_delta": {
        const kind = kinds.get(part.index)
        if (!isStreamed(kind) || (part.text === "" && !begun.has(part.index))) return []
        begun.add(part.index)
        return [parts([{ text: part.text, ...thought[kind] }])]
      }
      case "block_end": {
        const lowered = LowerPart.lower(part.block, LowerResponse.toClient)
        const left = begun.has(part.index) ? lowered.flatMap(behindText) : lowered
        return left.length === 0 ? [] : [parts(left)]
      }
      case "error":
        return [Errors.frame(Errors.ofStream(part.error, part.failure))]
      case "response":
        return [frame(LowerResponse.around(part.response, [{ text: "" }]))]
    }
  }
  return { add }
}
