/** What a provider says of a call before it sends it, so that the recorder can tell its events. */
import { Context } from "effect"
import type { Family } from "../../events/types/Event.ts"
import type { Frame } from "../../events/types/Traffic.ts"

/** An answer as a summary sees it: a JSON body, or the frames of a stream. */
export interface Answer {
  readonly status: number
  /** The body's JSON value; undefined where it is none. */
  readonly json: unknown
  readonly frames: ReadonlyArray<Frame> | undefined
}

export interface ProviderCall {
  readonly events: { readonly request: Family; readonly response: Family; readonly error: Family }
  /** The provider instance. */
  readonly provider: string
  /** What every default event of the call says. */
  readonly common: Readonly<Record<string, unknown>>
  /** What the default request event says besides. */
  readonly request: Readonly<Record<string, unknown>>
  /** What the default response event says besides. */
  readonly summarize: (answer: Answer) => Readonly<Record<string, unknown>>
}

/** The call a fiber is about to send. Without it, traffic is not recorded (model discovery, health checks). */
export const CurrentProviderCall = Context.Reference<ProviderCall | undefined>(
  "strata/kernel/recording/CurrentProviderCall",
  { defaultValue: () => undefined }
)
