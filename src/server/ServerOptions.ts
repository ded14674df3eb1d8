/** What the HTTP server may be told; every limit is bounded. */
import { Context } from "effect"

export class ServerOptions extends Context.Service<ServerOptions, {
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number
}>()("strata/server/ServerOptions") {}
