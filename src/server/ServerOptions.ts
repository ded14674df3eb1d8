/** What the server may be told; every limit is bounded. */
import { Context } from "effect"
import type { Level } from "../events/types/Event.ts"

export interface ServerOptionsShape {
  /** How much of each request is recorded, where its header does not say. */
  readonly level: Level
  /** Nothing is recorded above it. */
  readonly maxLevel: Level
  /** Bytes of a debug payload. */
  readonly debugBytes: number
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number
}

export class ServerOptions
  extends Context.Service<ServerOptions, ServerOptionsShape>()("strata/server/ServerOptions")
{}
