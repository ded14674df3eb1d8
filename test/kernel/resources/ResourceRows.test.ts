/** A registry starts with the rows it understands. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import * as ResourceRows from "../../../src/kernel/resources/ResourceRows.ts"
import * as Models from "../../support/Models.ts"

const [a, b] = [Models.resource("p", "a"), Models.resource("p", "b")]
const row = (key: string, document: object) => ({ key, tenant: "", position: 1, document: document as never })

describe("ResourceRows", () => {
  it.effect("leaves out what is not understood, and says so", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const read = ResourceRows.read(ModelsKind, [
        row("p/a", ModelsKind.toPayload(a)),
        row("p/x", { ...ModelsKind.toPayload(a), created: "soon" }),
        row("p/b", ModelsKind.toPayload(b))
      ])
      const logger = Logger.make(({ message }) => void said.push(String(message)))
      assert.deepStrictEqual(yield* Effect.provide(read, Logger.layer([logger])), [a, b])
      assert.match(said.join(), /^The model p\/x is left out.*created: .*strata projections rebuild/)
    }))
})
