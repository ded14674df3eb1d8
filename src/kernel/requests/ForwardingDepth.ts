/** How many servers a request has passed: so that one that is sent in a circle ends. */
import { Context } from "effect"

export const header = "x-strata-hops"

/** Servers before this one; 0: the request comes from a client. */
export const CurrentForwardingDepth = Context.Reference<number>(
  "strata/kernel/requests/ForwardingDepth/CurrentForwardingDepth",
  {
    defaultValue: () => 0
  }
)

/** What the header says; what is no number may be anything, and is more than any bound. */
export const read = (text: string | undefined): number =>
  text === undefined ? 0 : /^\d{1,6}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER
