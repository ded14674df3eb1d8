/** The events of a call, whatever API it is of: `llm:request`, `speech:response:raw` … */
import type { RecordedEvent } from "../../events/types/Envelope.ts"

/** What was asked, what came back, or what came in its place. */
export type Part = "request" | "response" | "error"

/** True for what says a part of a call at a level; the events of requests themselves have no attempt. */
export const isOfCall = ({ attempt, level, type }: RecordedEvent, part: Part, wanted: "default" | "raw"): boolean =>
  attempt !== null && level === wanted && type.endsWith(wanted === "raw" ? `:${part}:raw` : `:${part}`)
