/** The routing table is the fold of the registry's events, and says what must happen to become another. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { ModelResource } from "../../../src/apis/models/ModelsKind.ts"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import * as ResourceTable from "../../../src/kernel/resources/ResourceTable.ts"
import * as Models from "../../support/Models.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"

const model = Models.resource
const registered = (entry: ModelResource) => recorded(ModelsKind.registered, { payload: ModelsKind.toPayload(entry) })
const unregistered = (id: string) => recorded(ModelsKind.unregistered, { payload: ModelsKind.unregistration(id) })

const fold = (events: ReadonlyArray<ReturnType<typeof registered>>) =>
  ResourceTable.evolve(ModelsKind, ResourceTable.empty, inOrder(events))
const entriesOf = (table: ResourceTable.ResourceTable<ModelResource["attributes"]>) => [...table.entries.values()]

const alice = { id: "alice", attributes: { teams: ["red"] } }
const [a, b, other] = [model("p", "a"), model("p", "b"), model("q", "a")]
const alias = model("p", "a", { identifier: "fast", source: "api", owner: alice })
const fixed = model("p", "a", { identifier: "p/b", source: "registered_resources" })

const folds = [
  { name: "nothing", events: [], table: [] },
  { name: "models of two providers", events: [registered(a), registered(other)], table: [a, other] },
  { name: "one that is somebody's", events: [registered(alias)], table: [alias] },
  {
    name: "a model registered again",
    events: [registered(a), registered({ ...a, source: "configuration" })],
    table: [{ ...a, source: "configuration" as const }]
  },
  { name: "a model that is gone", events: [registered(a), registered(b), unregistered("p/a")], table: [b] },
  { name: "a model that came back", events: [registered(a), unregistered("p/a"), registered(a)], table: [a] },
  { name: "a model that was never there", events: [unregistered("p/a")], table: [] },
  {
    name: "events of others",
    events: [registered(a), recorded(ProviderEvents.Unregistered, { payload: { api: "inference", provider_id: "p" } })],
    table: [a]
  },
  {
    name: "what was registered before resources had owners",
    events: [recorded(ModelsKind.registered, {
      payload: {
        model_id: "p/a",
        provider_id: "p",
        provider_model_id: "a",
        source: "discovery",
        created: 0,
        owned_by: "v"
      }
    })],
    table: [a]
  }
]

const nothing = { registered: [], unregistered: [] }
const another = (given: Partial<ModelResource>) => ({ registered: [{ ...a, ...given }], unregistered: [] })

const lists: ReadonlyArray<{
  readonly name: string
  readonly table: ReadonlyArray<ModelResource>
  readonly listed: ReadonlyArray<ModelResource>
  readonly changes: ResourceTable.Changes<ModelResource["attributes"]>
}> = [
  { name: "nothing and nothing", table: [], listed: [], changes: nothing },
  { name: "the same", table: [a, b], listed: [b, a], changes: nothing },
  { name: "a new model", table: [a], listed: [a, b], changes: { registered: [b], unregistered: [] } },
  { name: "a model that is gone", table: [a, b], listed: [b], changes: { registered: [], unregistered: ["p/a"] } },
  { name: "a model listed twice", table: [], listed: [a, a], changes: { registered: [a], unregistered: [] } },
  { name: "models of another provider", table: [a, other], listed: [a], changes: nothing },
  {
    name: "another owner at the vendor",
    table: [a],
    listed: [{ ...a, attributes: { created: 0, owned_by: "x" } }],
    changes: another({ attributes: { created: 0, owned_by: "x" } })
  },
  {
    name: "a list that is configured now",
    table: [a],
    listed: [{ ...a, source: "configuration" }],
    changes: another({ source: "configuration" })
  },
  { name: "an alias of a model that is gone stays", table: [a, alias], listed: [a], changes: nothing },
  { name: "a name that was registered goes before", table: [fixed], listed: [a, b], changes: another({}) }
]

const Ids = Schema.Array(Schema.Literals(["a", "b", "c", "d"]))

describe("ResourceTable", () => {
  it.each(folds)("folds $name", ({ events, table }) => {
    assert.deepStrictEqual(entriesOf(fold(events)), table)
  })

  it("leaves the table before an event as it was", () => {
    const before = fold([registered(a)])
    ResourceTable.evolve(ModelsKind, before, [unregistered("p/a")])
    assert.deepStrictEqual(entriesOf(before), [a])
  })

  it("finds what providers call so, and lists in order of the identifiers", () => {
    const table = fold([registered(other), registered(alias), registered(b), registered(a)])
    assert.deepStrictEqual(table.called("a"), [other, alias, a])
    assert.deepStrictEqual(table.called("z"), [])
    assert.deepStrictEqual(table.list, [alias, a, b, other])
  })

  it.each(lists)("knows what a list changes: $name", ({ changes, listed, table }) => {
    assert.deepStrictEqual(ResourceTable.listed(fold(table.map(registered)), "p", listed), changes)
  })

  it("knows what the configuration changes: its own alone, whoever had their names", () => {
    const table = fold([a, b, alias, { ...fixed, identifier: "old" }].map(registered))
    assert.deepStrictEqual(ResourceTable.configured(table, [fixed]), { registered: [fixed], unregistered: ["old"] })
    assert.deepStrictEqual(ResourceTable.configured(table, []), { registered: [], unregistered: ["old"] })
    assert.deepStrictEqual(ResourceTable.configured(fold([registered(fixed)]), [fixed]), nothing)
  })

  it("knows what goes with its provider: what was listed, and nothing that was registered", () => {
    const table = fold([a, alias, other, fixed].map(registered))
    assert.deepStrictEqual(ResourceTable.orphaned(table, new Set(["q"])), { registered: [], unregistered: ["p/a"] })
  })

  it.prop(
    "a list's changes lead to what is listed, and touch no other provider",
    { known: Ids, wanted: Ids, others: Ids },
    ({ known, others, wanted }) => {
      const before = fold([...known.map((id) => model("p", id)), ...others.map((id) => model("q", id))].map(registered))
      const changes = ResourceTable.listed(before, "p", wanted.map((id) => model("p", id)))
      const after = ResourceTable.evolve(ModelsKind, before, [
        ...changes.registered.map(registered),
        ...changes.unregistered.map(unregistered)
      ])
      assert.sameMembers(
        [...after.entries.keys()],
        [...new Set([...wanted.map((id) => `p/${id}`), ...others.map((id) => `q/${id}`)])]
      )
    }
  )
})
