/** How much is recorded, as the configuration says. */
import { Context } from "effect"
import type { Level } from "../../events/types/Event.ts"

export class RecordingOptions extends Context.Service<RecordingOptions, {
  /** Of requests that ask for none. */
  readonly level: Level
  /** Nothing is recorded above it. */
  readonly maxLevel: Level
  /** Bytes of a debug payload. */
  readonly debugBytes: number
  /** Bytes that are kept of a streamed answer. */
  readonly maxStreamBytes: number
}>()("strata/kernel/requests/RecordingOptions") {}
