/** A call is one of what its provider was then, in whatever order that is read, and however often. */
import { assert, describe, it } from "@effect/vitest"
import type { EventDraft, RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { identityOf, ProviderIdentities } from "../../../src/kernel/cost/ProviderIdentities.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import { registered } from "../../support/CostWorld.ts"

const at = (position: number, event: EventDraft, stream = ProviderEvents.stream): RecordedEvent => ({
  ...event,
  position,
  stream,
  version: position
})

const events = [
  at(3, registered("remote::openai", { base_url: "https://openrouter.ai/api/v1" })),
  at(7, registered("remote::groq")),
  at(9, registered("remote::azure", {}, "q")),
  at(10, registered("remote::vllm", {}, "p", "safety")),
  at(11, registered("remote::vllm"), "session-s")
]

describe("ProviderIdentities", () => {
  it.each([
    ["in order", events],
    ["backwards", events.toReversed()],
    ["twice", [...events, ...events]]
  ])("say of a provider what it was at a position, read %s", (_, given) => {
    const identities = new ProviderIdentities("inference", [["p", { type: "remote::xai" }]])
    for (const event of given) identities.register(event)
    const types = [1, 3, 4, 7, 8, 100].map((position) => identities.at("p", position)?.type)
    const [xai, openai, groq] = ["remote::xai", "remote::openai", "remote::groq"]
    assert.deepStrictEqual(types, [xai, xai, openai, openai, groq, groq])
    assert.deepStrictEqual(identities.at("p", 4), { type: openai!, baseUrl: "https://openrouter.ai/api/v1" })
    assert.isUndefined(identities.at("q", 9))
    assert.strictEqual(identities.at("q", 10)?.type, "remote::azure")
    assert.isUndefined(identities.at("r", 100))
  })

  it.each([null, 1, "x", [], {}, { provider_type: 1 }])(
    "are none for %o",
    (entry) => assert.isUndefined(identityOf(entry))
  )
})
