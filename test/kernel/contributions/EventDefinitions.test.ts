/** Events that others than Strata record stand in the catalog, if a log could hold them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as EventCatalogDocument from "../../../src/apis/events/EventCatalogDocument.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { Contributions } from "../../../src/kernel/contributions/Contributions.ts"
import * as EventDefinitions from "../../../src/kernel/contributions/EventDefinitions.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const options = {
  durability: "observation",
  description: "A page was fetched.",
  payload: Schema.Struct({ url: Schema.String })
} as const
const Fetched = Event.define("crawler:fetched", options)
const same: Event.Upcaster = (payload) => payload

const refused: ReadonlyArray<{ readonly name: string; readonly given: unknown; readonly reason: string }> = [
  {
    name: "one of Strata's own",
    given: Event.define("llm:request", options),
    reason: "llm:request is an event of Strata"
  },
  {
    name: "a later version",
    given: Event.define("crawler:fetched", { ...options, version: 2, upcasters: { 1: same } }),
    reason: "must be at version 1"
  },
  {
    name: "one with volatile fields",
    given: Event.define("crawler:fetched", { ...options, volatile: ["url"] }),
    reason: "must have no volatile fields"
  },
  { name: "a name only", given: "crawler:fetched", reason: "Event.define" },
  { name: "one without a Schema", given: { ...Fetched, payload: {} }, reason: "Event.define" }
]

const contribute = (name: string, given: ReadonlyArray<unknown>) =>
  Layer.effectDiscard(
    Contributions.use((contributions) =>
      contributions.register(
        EventDefinitions.channel(apis.catalog.find),
        name,
        given as ReadonlyArray<Event.Definition>
      )
    )
  )

/** What the server's catalog says of each type, and why contributions were left out. */
const served = Effect.fnUntraced(function*(extensions: Layer.Layer<never, never, Contributions>) {
  const strata = yield* Strata.make({ extensions })
  const { json } = yield* Http.send(strata.url, "/v1/events/catalog")
  const catalog = json as ReturnType<typeof EventCatalogDocument.document>
  const failed = yield* strata.events({ types: ["contribution:failed"] })
  return { catalog, byType: new Map(catalog.events.map((each) => [each.type, each])), failed }
})

describe("EventDefinitions", () => {
  it.live("adds what is contributed to the catalog a server gives, once for several instances", () =>
    Effect.gen(function*() {
      const { byType, catalog, failed } = yield* served(
        Layer.merge(contribute("one", [Fetched]), contribute("other", [{ ...Fetched, description: "Another." }]))
      )
      assert.deepInclude(byType.get("crawler:fetched"), { description: "A page was fetched.", version: 1 })
      assert.lengthOf(catalog.events, EventCatalogDocument.document(apis.catalog.definitions).events.length + 1)
      assert.deepStrictEqual(failed, [])
    }))

  it.live("is the catalog of Strata where nobody contributes", () =>
    Effect.gen(function*() {
      const { catalog } = yield* served(Layer.empty)
      assert.deepStrictEqual(
        catalog,
        JSON.parse(JSON.stringify(EventCatalogDocument.document(apis.catalog.definitions)))
      )
    }))

  it.live.each(refused)("leaves out $name, and says why", ({ given, reason }) =>
    Effect.gen(function*() {
      const { byType, failed } = yield* served(contribute("crawler", [given]))
      assert.isFalse(byType.has("crawler:fetched"))
      assert.lengthOf(failed, 1)
      assert.include(failed[0]?.payload, reason)
      assert.include(failed[0]?.payload, `"contributor":"crawler"`)
    }))
})
