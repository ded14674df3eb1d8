/** A part of a streamed answer, in no vendor's form. */
import type { Schema } from "effect"
import type { ChatResponse } from "./ChatResponse.ts"
import type { ContentBlock } from "./ContentBlock.ts"

/** Blocks are numbered from 0 over the whole answer; `response` is the last part, and holds all of it. */
export type StreamPart =
  | {
    readonly type: "block_start"
    readonly index: number
    readonly block: "text" | "thinking" | "tool_call"
    readonly id?: string
    readonly name?: string
  }
  /** More text; of a tool call, more of its arguments as JSON text. */
  | { readonly type: "block_delta"; readonly index: number; readonly text: string }
  | { readonly type: "block_end"; readonly index: number; readonly block: ContentBlock }
  /** The vendor broke off: its error as it came. */
  | { readonly type: "error"; readonly error: Schema.Json }
  | { readonly type: "response"; readonly response: ChatResponse }
