/** The parts of a streamed answer as live events: one request id, an index for each block, a sequence for its deltas. */
import { Predicate } from "effect"
import type { Service } from "../../events/log/LiveEvents.ts"
import { MaskedText } from "../../events/redaction/MaskedText.ts"
import * as OwnWords from "../../events/redaction/OwnWords.ts"
import type { Definition, Payload } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { defaultTenant } from "../../events/types/Tenant.ts"
import type { CallRecord } from "../calls/CallRecord.ts"
import * as StreamEvents from "../calls/StreamEvents.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import type { StreamPart } from "../messages/StreamPart.ts"

type BlockType = Payload<typeof StreamEvents.BlockEnded>["block_type"]

/** Other blocks (images, what only the vendor can read) are silent. */
const types: ReadonlyMap<string, BlockType> = new Map([["text", "text"], ["thinking", "thinking"], [
  "tool_call",
  "tool_use"
]])

const names = Object.values(StreamEvents).map(({ type }) => type)

const originOf = ({ call: { provider }, recording: { options, stream } }: CallRecord) => ({
  tenant: options.tenant ?? defaultTenant,
  sessionId: options.sessionId,
  requestId: options.requestId,
  provider,
  stream
})

export const isWanted = (live: Service, record: CallRecord): boolean => live.isWanted(originOf(record), names)

interface Open {
  readonly fields: Omit<Payload<typeof StreamEvents.BlockEnded>, "block_type"> & { readonly block_type: BlockType }
  readonly text: MaskedText
  /** Characters of it that came. */
  length: number
  sequence: number
}

/** All that a block says in words. */
const wordsOf = (block: ContentBlock): string => {
  const words = block[block.type === "thinking" ? "thinking" : "text"]
  return Predicate.isString(words) ? words : ""
}

export class LiveBlocks {
  readonly #live: Service
  readonly #record: CallRecord
  readonly #id: string
  readonly #blocks = new Map<number, Open>()
  #count = 0
  #deltas = 0
  #isOver = false

  constructor(live: Service, record: CallRecord) {
    this.#live = live
    this.#record = record
    this.#id = EventIds.ofCall(record.recording.options.requestId, record.path)
  }

  add(part: StreamPart): void {
    if (this.#isOver) return
    if (part.type === "block_start") return this.#start(part.index, part.block, part.name)
    if (part.type === "block_delta") return this.#grow(part.index, part.text)
    if (part.type === "block_end") return this.#end(part.index, part.block)
    if (part.type === "error") return this.aborted({ type: part.failure.kind, message: part.failure.message })
    if (part.type === "response") this.#isOver = true
  }

  /** It ends without being whole: of nothing that was shown nothing is said. */
  aborted(error: { readonly type: string; readonly message: string }): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const open of this.#blocks.values()) this.#show(open, open.text.end())
    if (this.#deltas > 0) this.#emit(StreamEvents.Aborted, { ...this.#request, error: { ...error } })
  }

  get #request() {
    const { path: call, recording } = this.#record
    return { request_id: recording.options.requestId, call }
  }

  #start(index: number, kind: string, name: string | undefined): void {
    const block_type = types.get(kind)
    if (block_type === undefined) return
    const fields = { ...this.#request, block_index: index, block_type }
    this.#blocks.set(index, { fields, text: new MaskedText(this.#record.recording.redactor), length: 0, sequence: 0 })
    this.#emit(StreamEvents.BlockStarted, { ...fields, ...(block_type === "tool_use" && name ? { name } : {}) })
  }

  #grow(index: number, text: string): void {
    const open = this.#blocks.get(index)
    if (open === undefined || open.fields.block_type === "tool_use") return
    open.length += text.length
    this.#show(open, open.text.add(text))
  }

  #show(open: Open, text: string): void {
    if (text === "") return
    this.#deltas++
    this.#emit(StreamEvents.BlockDelta, { ...open.fields, sequence: open.sequence++, text })
  }

  #end(index: number, block: ContentBlock): void {
    if (!this.#blocks.has(index)) {
      const { name } = block
      this.#start(index, block.type, Predicate.isString(name) ? name : undefined)
    }
    const open = this.#blocks.get(index)
    if (open === undefined) return
    // What comes whole has no deltas of its own.
    this.#grow(index, wordsOf(block).slice(open.length))
    this.#show(open, open.text.end())
    this.#blocks.delete(index)
    this.#emit(StreamEvents.BlockEnded, open.fields)
  }

  #emit<D extends Definition>(definition: D, payload: Payload<D>): void {
    const { attempt, recording, requestEvent } = this.#record
    const { options, redactor } = recording
    const text = JSON.stringify(payload)
    const words = OwnWords.of(definition)
    this.#live.publish({
      ...originOf(this.#record),
      position: null,
      version: null,
      id: `${this.#id}.${++this.#count}`,
      type: definition.type,
      level: definition.level,
      schemaVersion: definition.version,
      time: recording.now,
      parentSessionId: options.parentSessionId,
      attempt,
      causationId: requestEvent,
      principal: options.principal?.id ?? null,
      payload: redactor.isClean(text) ? text : redactor.payload(text, definition.level, (word) => words.has(word))
    })
  }
}
