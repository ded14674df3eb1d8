/** What the HTTP server may be told; every limit is bounded. */
import { Context } from "effect"

export class ServerOptions extends Context.Service<ServerOptions, {
  /** Larger bodies are refused with 413. */
  readonly maxBodyBytes: number
  /** The longest silence of a streamed answer, milliseconds; 0: as long as it is. */
  readonly streamHeartbeat: number
  /** WebSockets that are open at once; 0: none. */
  readonly maxSockets: number
  /** One that is silent so long is closed, milliseconds. */
  readonly socketIdle: number
}>()("strata/server/ServerOptions") {}
