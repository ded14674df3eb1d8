/** What becomes of a piece of durable work: its state is their fold. They stand in the stream of what is worked on. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { WorkFailure } from "./WorkFailure.ts"

const work = {
  work_id: Schema.String.annotate({ description: "Unique within a tenant: the id of what is worked on." }),
  kind: Schema.String.annotate({ description: "What is done: `response`, `batch` …" })
}

const attempt = {
  ...work,
  attempt: Schema.Int.annotate({ description: "From 1. A worker that was lost counts as one." })
}

export const Submitted = Event.define("work:submitted", {
  durability: "state",
  description:
    "Something is to be done in the background. It is done once, also where servers stop in the middle of it.",
  payload: Schema.Struct({
    ...work,
    input: Schema.Json.annotate({ description: "What the kind needs to know." }),
    principal: Schema.NullOr(Principal).annotate({
      description: "Whose it is: it is done under this name. Null: nobody's."
    })
  })
})

export const Started = Event.define("work:started", {
  durability: "state",
  description:
    "A worker took it. The version of this event in its stream is the epoch of the worker's lease: whoever " +
    "took it before can write no more.",
  payload: Schema.Struct({
    ...attempt,
    runner: Schema.String.annotate({ description: "The process that works: host, process id, a name of its own." })
  })
})

export const Retried = Event.define("work:retried", {
  durability: "state",
  description: "An attempt failed, and another one follows.",
  payload: Schema.Struct({
    ...attempt,
    error: WorkFailure,
    retry_at: Schema.Int.annotate({ description: "When, in milliseconds since 1970." })
  })
})

export const Paused = Event.define("work:paused", {
  durability: "state",
  description: "It waits for something outside, with nothing to do until then: no worker has it.",
  payload: Schema.Struct({
    ...attempt,
    resume_at: Schema.Int.annotate({ description: "When it is looked at again, in milliseconds since 1970." })
  })
})

export const Finished = Event.define("work:finished", {
  durability: "state",
  description: "It is done.",
  payload: Schema.Struct(attempt)
})

export const Failed = Event.define("work:failed", {
  durability: "state",
  description: "It could not be done, and is not tried again.",
  payload: Schema.Struct({ ...attempt, error: WorkFailure })
})

export const CancelRequested = Event.define("work:cancel_requested", {
  durability: "state",
  description: "Somebody wants it done no more. Who works on it stops.",
  payload: Schema.Struct(work)
})

export const Cancelled = Event.define("work:cancelled", {
  durability: "state",
  description: "It was stopped before it was done.",
  payload: Schema.Struct({
    ...work,
    attempt: Schema.Int.annotate({ description: "That was stopped; 0: none had begun." })
  })
})
