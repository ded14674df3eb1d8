/** Streams of binary messages with checksums, as Amazon Web Services send them. */
import { EventStreamCodec } from "@smithy/eventstream-codec"
import type { Message } from "@smithy/eventstream-codec"
import * as EventStreamMessage from "../../../events/types/EventStreamMessage.ts"
import type { FrameCutter, Framing } from "../../../events/types/Framing.ts"
import { brokenFrame, longestFrame, tornFrame } from "../../../events/types/Framing.ts"
import { parse } from "../../../events/types/JsonAccess.ts"
import { bufferOf } from "../../bytes/WholeBody.ts"
import { dataOf } from "../sse/SseFrame.ts"

const { fewestBytes, lengthIn, preludeBytes } = EventStreamMessage

const codec = new EventStreamCodec(
  (bytes) => typeof bytes === "string" ? bytes : bufferOf(bytes).toString("utf8"),
  (text) => Buffer.from(text, "utf8")
)

/** Amazon names its exceptions so. */
export const isException = (name: string): boolean => name.endsWith("Exception")

/** Why no message can follow a prelude; undefined: one can. */
const faultOf = (length: number | undefined): string | undefined => {
  if (length === undefined) return "the checksum of a message's lengths is wrong"
  if (length < fewestBytes) return `a message says that it is ${length} bytes long`
  return length > longestFrame ? `a message of ${length} bytes is longer than ${longestFrame}` : undefined
}

class MessageCutter implements FrameCutter {
  readonly #prelude = Buffer.alloc(preludeBytes)
  /** Bytes of the message that has no end yet. */
  #open = 0
  #length: number | undefined
  isBroken = false

  ends(bytes: Uint8Array): Array<number> {
    const ends: Array<number> = []
    for (let at = 0; at < bytes.length && !this.isBroken;) {
      if (this.#length === undefined) {
        const taken = bufferOf(bytes).copy(this.#prelude, this.#open, at)
        this.#open += taken
        at += taken
        if (this.#open < preludeBytes) break
        this.#length = lengthIn(this.#prelude)
        this.isBroken = faultOf(this.#length) !== undefined
        continue
      }
      const taken = Math.min(this.#length - this.#open, bytes.length - at)
      this.#open += taken
      at += taken
      if (this.#open < this.#length) break
      ends.push(at)
      this.#open = 0
      this.#length = undefined
    }
    return ends
  }
}

const headerOf = ({ headers }: Message, name: string): string => {
  const value = headers[name]?.value
  return typeof value === "string" ? value : ""
}

/** As the value of one field, by its name: what happens, or how it failed. */
const valueOf = (message: Message): string => {
  const text = bufferOf(message.body).toString("utf8").trim()
  switch (headerOf(message, ":message-type")) {
    case "exception":
      return textIn(headerOf(message, ":exception-type"), text)
    case "error":
      return textIn(
        "error",
        JSON.stringify({ type: headerOf(message, ":error-code"), message: headerOf(message, ":error-message") })
      )
    default:
      return textIn(headerOf(message, ":event-type"), text)
  }
}

const textIn = (name: string, payload: string): string => {
  if (name === "") return brokenFrame("a message has no type")
  if (payload !== "" && parse(payload) === undefined) {
    return brokenFrame(`the payload of a message ${name} is no JSON: ${payload.slice(0, 200)}`)
  }
  const before = isException(name) ? "event: error\n" : ""
  return `${before}data: {${JSON.stringify(name)}:${payload === "" ? "{}" : payload.replaceAll(/[\r\n]/g, " ")}}\n\n`
}

const textOf = (bytes: Uint8Array): string => {
  if (bytes.length < preludeBytes) return tornFrame
  const length = lengthIn(bytes)
  const fault = faultOf(length)
  if (fault !== undefined) return brokenFrame(fault)
  if (bytes.length < length!) return tornFrame
  try {
    return valueOf(codec.decode(bytes))
  } catch (error) {
    return brokenFrame(`a message can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Where a prelude stands whose checksum is right. */
const beginningIn = (bytes: Uint8Array): number => {
  for (let at = 0; at + preludeBytes <= bytes.length; at++) {
    if (faultOf(lengthIn(bytes.subarray(at, at + preludeBytes))) === undefined) return at
  }
  return bytes.length
}

const header = (value: string) => ({ type: "string", value }) as const

/** A message of the one field that an event's value has. */
const frameOf = (text: string): Uint8Array => {
  const [[name, payload] = ["", {}]] = Object.entries(parse(dataOf(text) ?? "") ?? {})
  const kind = isException(name) ? "exception" : "event"
  return codec.encode({
    headers: {
      [`:${kind}-type`]: header(name),
      ":content-type": header("application/json"),
      ":message-type": header(kind)
    },
    body: Buffer.from(JSON.stringify(payload))
  })
}

export const eventStream: Framing = {
  contentType: /^application\/vnd\.amazon\.eventstream/,
  isBinary: true,
  cutter: () => new MessageCutter(),
  textOf,
  frameOf,
  beginningIn
}
