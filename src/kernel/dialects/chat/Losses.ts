/** What a dialect can't say of a request: less is said instead, or nothing at all. */
import type { Degradation } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { wireTypeOf } from "../../messages/ContentBlock.ts"

export interface Losses {
  readonly degradations: Array<Degradation>
  /** Without which the answer would not be one to what was asked. */
  readonly impossible: Array<string>
}

const thoughts: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])

/** A block that is left out. */
export const dropped = (block: ContentBlock, dialect: string): Degradation =>
  thoughts.has(block.type)
    ? {
      requested: `thinking of ${block.producer_model ?? "another vendor's model"}`,
      actual: "without it",
      reason: "the vendor can only read thinking of its own"
    }
    : {
      requested: `a ${wireTypeOf(block)} block`,
      actual: "without it",
      reason: `the dialect ${dialect} has no such block`
    }
