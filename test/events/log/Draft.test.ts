/** Events of the server itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as Draft from "../../../src/events/log/Draft.ts"
import { ConfiguredSecrets, mask, Secrets } from "../../../src/events/redaction/Redaction.ts"
import { ConfiguredRules, Rules } from "../../../src/events/redaction/RedactionRules.ts"
import * as Event from "../../../src/events/types/Event.ts"
import { SecretForms } from "../../support/SecretForms.ts"

const Said = Event.define("test:said", {
  durability: "state",
  description: "For tests.",
  payload: Schema.Struct({ text: Schema.String }),
  version: 2,
  upcasters: { 1: (payload) => payload }
})

describe("Draft", () => {
  it.effect("shows nothing that a rule, a form or a key forbids", () =>
    Effect.gen(function*() {
      const text = `card 12345, hf_${SecretForms.body(34)}, {"password":"hunter22"}`
      const { payload } = yield* Draft.make(Said, { text }).pipe(
        Effect.provideService(ConfiguredRules, new Rules([{ pattern: "\\d{5}", replacement: "card" }]))
      )
      assert.deepStrictEqual(JSON.parse(payload), { text: `card [REDACTED:card], ${mask}, {"password":"${mask}"}` })
    }))

  it.effect("takes its time from the clock, its id from time and randomness, and no secret", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1000)
      const secrets = new Secrets()
      secrets.add("sk-configured-1")
      const make = Draft.make(Said, { text: "a sk-configured-1" }, { provider: "p" }).pipe(
        Effect.provideService(ConfiguredSecrets, secrets),
        Random.withSeed("seed")
      )
      const { id, ...rest } = yield* make
      assert.match(id, /^00000000-03e8-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{8}0001$/)
      assert.strictEqual((yield* make).id, id)
      assert.deepStrictEqual(rest, {
        type: "test:said",
        level: "default",
        schemaVersion: 2,
        time: 1000,
        tenant: "",
        sessionId: null,
        parentSessionId: null,
        requestId: null,
        attempt: null,
        causationId: null,
        provider: "p",
        principal: null,
        payload: JSON.stringify({ text: `a ${mask}` })
      })
    }))
})
