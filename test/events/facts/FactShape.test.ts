/** Which events a fact stands for. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FactShape from "../../../src/events/facts/FactShape.ts"
import { factOf, Given, headsOf } from "../../support/Facts.ts"

it.effect.prop("a shape is type and level of each event, in order", { given: Given }, ({ given }) =>
  Effect.sync(() => {
    const fact = factOf(given)
    assert.deepStrictEqual(
      FactShape.ofText(FactShape.textOf(fact)),
      headsOf(fact).map(({ level, type }) => [type, level] as const)
    )
  }), { arbitrary: { runs: 100 } })
