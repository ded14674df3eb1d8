/** Events of the rules about who may do what: which are in force, and what they denied. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

const Rules = Schema.Array(Schema.JsonObject)

export const Configured = Event.define("policy:configured", {
  durability: "state",
  description: "From here on these rules are in force; told at a start when they differ from the ones before.",
  payload: Schema.Struct({
    authentication: Schema.Array(Schema.String).annotate({
      description: "Types of what says who asks: `api_keys`, `jwt`. Empty: everyone is anonymous."
    }),
    access_policy: Rules.annotate({ description: "As configured. Empty: the default rules." }),
    route_policy: Rules.annotate({ description: "As configured. Empty: every route is for everyone." }),
    quota: Schema.NullOr(Schema.JsonObject).annotate({ description: "As configured. Null: nothing is counted." })
  })
})

export const Violation = Event.define("policy:violation", {
  durability: "observation",
  description: "Something was denied to who asked, whom the envelope names as `principal`.",
  version: 2,
  // Version 2 knows more kinds.
  upcasters: { 1: (payload) => payload },
  payload: Schema.Struct({
    kind: Schema.Literals(["authentication", "quota", "route", "access", "host", "origin", "content_type"]).annotate({
      description: "authentication: nobody is known by what was sent; quota: too many requests; route: a rule of " +
        "paths; access: a rule of resources; host: the request was for a name that is not this server's; origin: a " +
        "page of another origin asked; content_type: the body's type is missing, or not the route's."
    }),
    reason: Schema.String.annotate({ description: "What was told to who asked, or why, for people." }),
    method: Schema.NullOr(Schema.String),
    path: Schema.NullOr(Schema.String).annotate({ description: "Without query. Null: no HTTP request was concerned." }),
    action: Schema.NullOr(Schema.String).annotate({ description: "create, read, update or delete." }),
    resource: Schema.NullOr(Schema.String).annotate({ description: "`type::id`, where a resource was concerned." }),
    rule: Schema.NullOr(Schema.Struct({
      policy: Schema.Literals(["access_policy", "route_policy", "default"]).annotate({
        description: "default: the rules that hold where none are configured."
      }),
      index: Schema.Int.annotate({ description: "Place in the policy, from 0." }),
      description: Schema.NullOr(Schema.String)
    })).annotate({ description: "The rule that forbade it; null: none permitted it, or none was concerned." })
  })
})

/** The stream of what no session is concerned with. */
export const stream = "policy"
