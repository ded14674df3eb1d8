/** Events of responses that are kept: each response has a stream of its own. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import * as GivenParts from "./GivenParts.ts"
import * as ImpliedFields from "./ImpliedFields.ts"
import * as ItemIds from "./ItemIds.ts"

const id = Schema.String.annotate({ description: "The response's.", examples: ["resp_0f3a"] })

const Items = Schema.Array(Schema.JsonObject)

/** What of a response is not said by its request. */
export const ResponseEnd = Schema.Struct({
  status: Schema.String.annotate({ description: "completed, incomplete, failed, cancelled.", examples: ["completed"] }),
  output: Items.annotate({ description: "What the model answered." }),
  usage: Schema.NullOr(Schema.JsonObject).annotate({ description: "Tokens that were used." }),
  error: Schema.NullOr(Schema.JsonObject).annotate({ description: "Why it failed." }),
  incomplete_details: Schema.NullOr(Schema.JsonObject).annotate({ description: "Why it is incomplete." }),
  completed_at: Schema.NullOr(Schema.Finite).annotate({ description: "Seconds since 1970." }),
  calls: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.String).annotate({
      description: "The ids that the model gave to calls which wait for an approval, by the request for it.",
      examples: [{ mcpr_resp_0f3a_1: "call_1" }]
    })
  )
}).annotate({ identifier: "ResponseEnd" })
export type ResponseEnd = typeof ResponseEnd.Type

type Item = Schema.JsonObject

/** Before, each item had its id. */
const withoutOwnIds = (payload: Schema.Json): Schema.Json => {
  const { input, response, ...rest } = payload as { readonly input: ReadonlyArray<Item>; readonly response: string }
  return { ...rest, response, input: ItemIds.withoutOwnIds(input, response) }
}

/** Before, a vendor's response was said whole. */
const withoutImplied = (payload: Schema.Json): Schema.Json => {
  const { whole, ...rest } = payload as unknown as ImpliedFields.Around & { readonly whole?: Schema.JsonObject }
  const vendor = whole === undefined ? {} : { vendor: ImpliedFields.without(whole, rest) }
  return { ...rest, ...vendor } as unknown as Schema.Json
}

export const Created = Event.define("response:created", {
  durability: "state",
  description: "A response is kept: what it was asked for with, and where it is made already, what was answered.",
  version: 4,
  added: ["given"],
  upcasters: { 1: withoutOwnIds, 2: withoutImplied, 3: (payload) => payload },
  payload: Schema.Struct({
    response: id,
    owner: Schema.NullOr(Principal),
    created_at: Schema.Finite.annotate({ description: "Seconds since 1970." }),
    request: Schema.JsonObject.annotate({ description: "What was asked, without its input." }),
    previous: Schema.NullOr(Schema.String).annotate({ description: "The response it goes on from." }),
    conversation: Schema.NullOr(Schema.String).annotate({ description: "The conversation it stands in." }),
    session: Schema.optionalKey(
      Schema.NullOr(Schema.String).annotate({ description: "The session of the request that made it." })
    ),
    input: Items.annotate({
      description:
        "What was said anew; what goes before it stands where it goes on from. An item without an id has one " +
        "that follows from the response and its place."
    }),
    given: Schema.optionalKey(Schema.Array(GivenParts.GivenPart)).annotate({
      description: "Parts of the input that named a file of this server: what it holds stands there."
    }),
    end: Schema.NullOr(ResponseEnd).annotate({ description: "Null: it is made in the background." }),
    vendor: Schema.optionalKey(
      Schema.Struct({
        says: Schema.JsonObject.annotate({
          description: "Fields that do not follow from the rest of the event, nor are as most responses have them.",
          examples: [{ model: "gpt-5", completed_at: 1795829833 }]
        }),
        lacks: Schema.optionalKey(
          Schema.Array(Schema.String).annotate({
            description: "Fields that most responses have, and this one has not.",
            examples: [["user"]]
          })
        )
      }).annotate({ description: "The response as a vendor gave it, without its output." })
    ),
    cuts: Schema.optionalKey(Schema.Array(Schema.Int)).annotate({
      description: "How a stream cut its texts: the place of an item in the output, and how many characters, in turn."
    })
  })
})

export const Streamed = Event.define("response:streamed", {
  durability: "state",
  description: "Events of a response that is made in the background, as who streams it gets them.",
  payload: Schema.Struct({
    response: id,
    attempt: Schema.Int.annotate({ description: "From 1: what an attempt says takes the place of an earlier one's." }),
    events: Items
  })
})

export const Ended = Event.define("response:ended", {
  durability: "state",
  description: "A response that was made in the background has ended.",
  payload: Schema.Struct({ response: id, end: ResponseEnd })
})

export const Timed = Event.define("response:completed", {
  durability: "state",
  description: "A response was made in this session, and when it was ready.",
  payload: Schema.Struct({
    response: id,
    status: Schema.String.annotate({
      description: "completed, incomplete, failed, cancelled.",
      examples: ["completed"]
    }),
    completed_at: Schema.Finite.annotate({ description: "Seconds since 1970." })
  })
})

export const ConversationRead = Event.define("response:conversation_read", {
  durability: "state",
  description: "What a response in a conversation goes on from: others may add to it while the response is made.",
  payload: Schema.Struct({
    conversation: Schema.String.annotate({ description: "The conversation's id.", examples: ["conv_0f3a"] }),
    position: Schema.Int.annotate({ description: "Place in the whole log up to which it was read.", examples: [42] })
  })
})

export const Conflicted = Event.define("response:conflict", {
  durability: "state",
  description:
    "What others do, or did meanwhile, is in the way of a response: it is refused, or what it said is not added.",
  payload: Schema.Struct({
    param: Schema.String.annotate({
      description: "The request's field concerned.",
      examples: ["previous_response_id"]
    }),
    code: Schema.String.annotate({ description: "As a program reads it.", examples: ["conversation_changed"] }),
    message: Schema.String
  })
})

export const Deleted = Event.define("response:deleted", {
  durability: "state",
  description: "A response is not to be had any more.",
  payload: Schema.Struct({ response: id })
})

export const all = [Created, Streamed, Ended, Timed, ConversationRead, Conflicted, Deleted]
