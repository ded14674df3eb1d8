/** Projections over events made up for tests: accounts with a balance, and who owns how many. */
import { Schema } from "effect"
import * as Projection from "../../src/events/projections/Projection.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Event from "../../src/events/types/Event.ts"
import { draft } from "./EventDrafts.ts"

export const Opened = Event.define("account:opened", {
  durability: "state",
  description: "An account was opened.",
  payload: Schema.Struct({ account: Schema.String, owner: Schema.NullOr(Schema.String) })
})
export const Moved = Event.define("account:moved", {
  durability: "state",
  description: "Money came or went.",
  payload: Schema.Struct({ account: Schema.String, amount: Schema.Int })
})
export const Closed = Event.define("account:closed", {
  durability: "state",
  description: "An account was closed.",
  payload: Schema.Struct({ account: Schema.String })
})

const Account = Schema.Struct({ owner: Schema.NullOr(Schema.String), balance: Schema.Int, moves: Schema.Int })
type Account = typeof Account.Type

const field = (event: RecordedEvent, name: string) => (payloadOf(event) as Record<string, unknown>)[name]

const account = (event: RecordedEvent) => String(field(event, "account"))

export const balances = Projection.make({
  name: "balances",
  version: 1,
  description: "Each account's balance.",
  events: [Opened, Moved, Closed],
  streams: () => true,
  document: Account,
  key: account,
  index: { owner: ({ owner }) => owner, moves: ({ moves }) => moves },
  evolve: (document: Account | undefined, event): Account | undefined => {
    if (event.type === Closed.type) return undefined
    if (event.type === Opened.type) return { owner: field(event, "owner") as string | null, balance: 0, moves: 0 }
    return document === undefined ? undefined : {
      ...document,
      balance: document.balance + Number(field(event, "amount")),
      moves: document.moves + 1
    }
  }
})

/** A table of other events and another key. */
export const owners = Projection.make({
  name: "owners",
  version: 1,
  description: "How many accounts each owner opened; accounts without owner are left out.",
  events: [Opened],
  streams: () => true,
  document: Schema.Struct({ opened: Schema.Int }),
  key: (event) => {
    const owner = field(event, "owner")
    return owner === null ? undefined : String(owner)
  },
  evolve: (document) => ({ opened: (document?.opened ?? 0) + 1 })
})

export const opened = (id: string, owner: string | null = null) =>
  draft({ type: Opened.type, payload: JSON.stringify({ account: id, owner }) })
export const moved = (id: string, amount: number) =>
  draft({ type: Moved.type, payload: JSON.stringify({ account: id, amount }) })
export const closed = (id: string) => draft({ type: Closed.type, payload: JSON.stringify({ account: id }) })
