/** A call on a wire, and its answer: what passes between who asks and who answers where both speak one dialect. */
import type { Schema } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import type { ProviderFailed } from "../http/ProviderErrors.ts"
import type { Dialect } from "./Dialect.ts"

export interface WireCall {
  readonly dialect: Dialect
  /** As who is asked calls it. */
  readonly model: string
  readonly stream: boolean
  /** The request as the client sent it: its model may be another one's name. */
  readonly body: Schema.JsonObject
  /** What the client says in headers to vendors of its dialect: versions, betas. */
  readonly headers?: Readonly<Record<string, string>>
  /** The request as it goes out, JSON. */
  readonly text: string
}

/**
 * The answer in the call's dialect: JSON text, or the bytes of a stream that ends in the dialect's last frame. Its headers
 * are the vendor's that concern the client (rate limits, retry hints).
 */
export type WireResponse = Bytes<ProviderFailed>
