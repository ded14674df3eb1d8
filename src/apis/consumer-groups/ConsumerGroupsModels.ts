/** Consumer groups as the API shows them. */
import { Schema } from "effect"
import { Principal } from "../../events/types/Principal.ts"
import { flag } from "../../kernel/http/QueryFlag.ts"

const position = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const ConsumerGroup = Schema.Struct({
  id: Schema.String.annotate({ description: "Its name." }),
  object: Schema.Literal("consumer_group"),
  position: position.annotate({ description: "Everything up to this position was handled." }),
  lag: Schema.Int.annotate({ description: "Events of the log behind that position." }),
  member: Schema.NullOr(Schema.String).annotate({
    description: "Who reads for the group inside a server now; null: nobody."
  }),
  claimed_until: Schema.NullOr(Schema.Int).annotate({
    description: "When the member is replaced unless it goes on, seconds since 1970."
  }),
  owner: Schema.NullOr(Principal).annotate({
    description:
      "Who made it, with the attributes of then: `{\"id\": \"alice\", \"attributes\": {}}`; null: it is nobody's."
  })
}).annotate({ identifier: "ConsumerGroup", description: "A named subscription whose position is stored with the log." })
export type ConsumerGroup = typeof ConsumerGroup.Type

export const ConsumerGroupList = Schema.Struct({
  object: Schema.Literal("list"),
  data: Schema.Array(ConsumerGroup)
}).annotate({ identifier: "ConsumerGroupList" })

export const Acknowledgement = Schema.Struct({
  position: position.annotate({
    description:
      "Position of the last event that was handled: 42. Not before the group's own, unless `reset=true` is asked."
  })
})

export const AcknowledgementQuery = Schema.Struct({
  reset: flag({
    description:
      "true: the position may go back, so that events behind it come again. Example: `?reset=true`. Default false."
  })
})

export const DeletedConsumerGroup = Schema.Struct({
  id: Schema.String,
  object: Schema.Literal("consumer_group.deleted"),
  deleted: Schema.Literal(true)
}).annotate({ identifier: "DeletedConsumerGroup" })

export const GroupName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, {
    expected: "1 to 128 letters, digits, dots, colons, dashes or underscores"
  })
).annotate({ description: "The group's name: 1 to 128 letters, digits, dots, colons, dashes or underscores." })
