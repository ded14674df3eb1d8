/** A canonical answer as the dialect's events, part by part. */
import type { Schema } from "effect"
import { asText } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { StreamPart } from "../../messages/StreamPart.ts"
import type { StreamLowerer } from "../Dialect.ts"
import * as LowerResponse from "./LowerResponse.ts"
import { NumberedEvents } from "./NumberedEvents.ts"
import * as ResponsesErrors from "./ResponsesErrors.ts"
import { StreamWriter } from "./StreamWriter.ts"

type Event = Schema.JsonObject

const types = tableOf<string>({ incomplete: "response.incomplete", failed: "response.failed" })

export const make = (): StreamLowerer => {
  let metadata: Schema.JsonObject = {}
  let writer: StreamWriter | undefined
  const numbered = new NumberedEvents()
  let number = 0

  const frames = (events: ReadonlyArray<Event>): ReadonlyArray<Uint8Array> =>
    events.map((event) => Buffer.from(numbered.frameOf(event, number++)))

  const begin = (given: Schema.JsonObject): ReadonlyArray<Event> => {
    metadata = given
    writer = new StreamWriter(LowerResponse.itemNames(given["id"]))
    const response = LowerResponse.begun(given)
    return [{ type: "response.created", response }, { type: "response.in_progress", response }]
  }

  const eventsOf = (part: StreamPart): ReadonlyArray<Event> => {
    if (part.type === "response_start") return writer === undefined ? begin(part.metadata) : []
    if (part.type === "error") return [ResponsesErrors.unnumbered(errorOf(part))]
    const started = writer === undefined ? begin({}) : []
    const items = writer!
    switch (part.type) {
      case "block_start":
        return [...started, ...items.start(part)]
      case "block_delta":
        return [...started, ...items.grow(part.index, part.text, part.logprobs)]
      case "block_end":
        return [...started, ...items.end(part.index, part.block)]
      case "response": {
        const { response } = part
        const body = LowerResponse.withOutput(
          { ...response, metadata: { ...response.metadata, ...metadata } },
          items.output.filter((item) => item !== undefined)
        )
        return [...started, { type: types[asText(body["status"])] ?? "response.completed", response: body }]
      }
    }
  }
  return { add: (part) => frames(eventsOf(part)) }
}

/** In the words of this dialect, whoever's error it is. */
const errorOf = ({ failure }: Extract<StreamPart, { readonly type: "error" }>): Schema.JsonObject => ({
  type: failure.type ?? failure.kind,
  code: failure.code ?? failure.type ?? failure.kind,
  message: failure.message,
  param: failure.param ?? null
})
