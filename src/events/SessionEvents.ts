/** Events of a session: what belongs to one conversation, run or test of an application. */
import { Schema } from "effect"
import * as Event from "./Event.ts"

export const Started = Event.define("session:start", {
  durability: "state",
  description: "A session began, with the first request that named it or that came without one.",
  payload: Schema.Struct({
    session_id: Schema.String.annotate({ description: "The id clients send as `x-strata-session-id`." }),
    opened_by: Schema.Literals(["client", "server"]).annotate({
      description: "client: the request named the id; server: the request named none and got a new one."
    })
  })
})

/** The stream all events of a session stand in. */
export const streamOf = (sessionId: string): string => `session-${sessionId}`
