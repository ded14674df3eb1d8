/** The routing table is the fold of the registry's events, and says what must happen to become another. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as ModelEvents from "../../../src/events/ModelEvents.ts"
import * as ProviderEvents from "../../../src/events/ProviderEvents.ts"
import * as ModelTable from "../../../src/kernel/models/ModelTable.ts"
import type { Entry } from "../../../src/kernel/models/ModelTable.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"

const model = (provider: string, id: string, given: Partial<Entry> = {}): Entry => ({
  model_id: `${provider}/${id}`,
  provider_id: provider,
  provider_model_id: id,
  source: "discovery",
  created: 0,
  owned_by: "",
  ...given
})

const registered = (entry: Entry) => recorded(ModelEvents.Registered, { payload: entry })
const unregistered = (model_id: string) => recorded(ModelEvents.Unregistered, { payload: { model_id } })

const fold = (events: ReadonlyArray<ReturnType<typeof registered>>) =>
  inOrder(events).reduce(ModelTable.evolve, ModelTable.empty)

const [a, b, other] = [model("p", "a"), model("p", "b"), model("q", "a")]

const folds = [
  { name: "nothing", events: [], table: [] },
  { name: "models of two providers", events: [registered(a), registered(other)], table: [a, other] },
  {
    name: "a model registered again",
    events: [registered(a), registered({ ...a, created: 7 })],
    table: [{ ...a, created: 7 }]
  },
  { name: "a model that is gone", events: [registered(a), registered(b), unregistered("p/a")], table: [b] },
  { name: "a model that came back", events: [registered(a), unregistered("p/a"), registered(a)], table: [a] },
  { name: "a model that was never there", events: [unregistered("p/a")], table: [] },
  {
    name: "events of others",
    events: [registered(a), recorded(ProviderEvents.Unregistered, { payload: { api: "inference", provider_id: "p" } })],
    table: [a]
  }
]

const differences: ReadonlyArray<{
  readonly name: string
  readonly table: ReadonlyArray<Entry>
  readonly wanted: ReadonlyArray<Entry>
  readonly changes: ModelTable.Changes
}> = [
  { name: "nothing and nothing", table: [], wanted: [], changes: { registered: [], unregistered: [] } },
  { name: "the same", table: [a, b], wanted: [b, a], changes: { registered: [], unregistered: [] } },
  { name: "a new model", table: [a], wanted: [a, b], changes: { registered: [b], unregistered: [] } },
  { name: "a model that is gone", table: [a, b], wanted: [b], changes: { registered: [], unregistered: ["p/a"] } },
  { name: "a model listed twice", table: [], wanted: [a, a], changes: { registered: [a], unregistered: [] } },
  { name: "models of another provider", table: [a, other], wanted: [a], changes: { registered: [], unregistered: [] } },
  {
    name: "another owner",
    table: [a],
    wanted: [model("p", "a", { owned_by: "x" })],
    changes: { registered: [model("p", "a", { owned_by: "x" })], unregistered: [] }
  },
  {
    name: "another source",
    table: [a],
    wanted: [model("p", "a", { source: "configuration" })],
    changes: { registered: [model("p", "a", { source: "configuration" })], unregistered: [] }
  },
  {
    name: "another time of creation",
    table: [a],
    wanted: [model("p", "a", { created: 1 })],
    changes: { registered: [model("p", "a", { created: 1 })], unregistered: [] }
  }
]

const Ids = Schema.Array(Schema.Literals(["a", "b", "c", "d"]))

describe("ModelTable", () => {
  it.each(folds)("folds $name", ({ events, table }) => {
    assert.deepStrictEqual([...fold(events).values()], table)
  })

  it("leaves the table before an event as it was", () => {
    const before = fold([registered(a)])
    ModelTable.evolve(before, unregistered("p/a"))
    assert.deepStrictEqual([...before.keys()], ["p/a"])
  })

  it.each(differences)("knows the difference: $name", ({ changes, table, wanted }) => {
    assert.deepStrictEqual(ModelTable.difference(fold(table.map(registered)), "p", wanted), changes)
  })

  it.prop(
    "its changes lead to what is wanted, and touch no other provider",
    { known: Ids, wanted: Ids, others: Ids },
    ({ known, others, wanted }) => {
      const entries = wanted.map((id) => model("p", id))
      const before = fold([...known.map((id) => model("p", id)), ...others.map((id) => model("q", id))].map(registered))
      const { registered: added, unregistered: removed } = ModelTable.difference(before, "p", entries)
      const events = [...added.map(registered), ...removed.map(unregistered)]
      const after = events.reduce(ModelTable.evolve, before)
      assert.sameMembers(
        [...after.keys()],
        [...new Set([...wanted.map((id) => `p/${id}`), ...others.map((id) => `q/${id}`)])]
      )
    }
  )
})
