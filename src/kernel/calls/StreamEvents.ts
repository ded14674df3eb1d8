/** What a streamed answer says while it comes, block by block: live events, for who watches. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

const ofRequest = {
  request_id: Schema.String.annotate({ description: "The request it answers, as `requestId` of its other events." }),
  call: Schema.String.annotate({ description: "Which call of the request it is, as `llm:request` has it." })
}

const ofBlock = {
  ...ofRequest,
  block_index: Schema.Int.annotate({ description: "The block's number in the answer, from 0." }),
  block_type: Schema.Literals(["text", "thinking", "tool_use"])
}

export const BlockStarted = Event.define("llm:stream_block_start", {
  durability: "live",
  description: "A block of a streamed answer begins.",
  payload: Schema.Struct({
    ...ofBlock,
    name: Schema.optionalKey(Schema.String).annotate({ description: "Of the tool; only of `tool_use`." })
  })
})

export const BlockDelta = Event.define("llm:stream_block_delta", {
  durability: "live",
  description: "More of a block's text or thinking, secrets redacted. Arguments of tools and signatures have none.",
  payload: Schema.Struct({
    ...ofBlock,
    sequence: Schema.Int.annotate({ description: "Its number among the deltas of the block, from 0, without gaps." }),
    text: Schema.String.annotate({ description: "Never empty." })
  })
})

export const BlockEnded = Event.define("llm:stream_block_end", {
  durability: "live",
  description: "A block of a streamed answer is complete.",
  payload: Schema.Struct(ofBlock)
})

export const Aborted = Event.define("llm:stream_aborted", {
  durability: "live",
  description: "A streamed answer broke off after the first delta: what was shown of it is not all.",
  payload: Schema.Struct({
    ...ofRequest,
    error: Schema.Struct({ type: Schema.String, message: Schema.String })
  })
})
