/** What only its vendor can read survives a trip as one opaque text. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as OpaqueState from "../../../src/kernel/messages/OpaqueState.ts"

describe("OpaqueState", () => {
  it.prop("opens what it sealed", { state: OpaqueState.OpaqueState }, ({ state }) => {
    const text = OpaqueState.seal(state)
    assert.isTrue(OpaqueState.isSealed(text))
    assert.deepStrictEqual<unknown>(OpaqueState.open(text), JSON.parse(JSON.stringify(state)))
  })

  it.prop(
    "writes letters that every wire takes",
    { state: OpaqueState.OpaqueState },
    ({ state }) => assert.match(OpaqueState.seal(state), /^strata1\.[A-Za-z0-9_-]+$/)
  )

  it.prop(
    "takes no other text for an envelope",
    { text: Schema.String },
    ({ text }) => assert.isUndefined(OpaqueState.open(text))
  )

  it.each([
    "",
    "strata1.",
    "strata1.%%%",
    `strata1.${Buffer.from("no JSON").toString("base64url")}`,
    `strata1.${Buffer.from("{\"dialect\":1,\"fields\":{}}").toString("base64url")}`,
    `strata1.${Buffer.from("{\"dialect\":\"x\"}").toString("base64url")}`
  ])("does not open %j", (text) => assert.isUndefined(OpaqueState.open(text)))
})
