/** The words of a definition: names of fields and choices, wherever they stand; none that a client chooses. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as OwnWords from "../../../src/events/redaction/OwnWords.ts"
import * as Event from "../../../src/events/types/Event.ts"

interface Tree {
  readonly leaf_1: string
  readonly trees: ReadonlyArray<Tree>
}
const Tree = Schema.Struct({
  leaf_1: Schema.String,
  trees: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
})

const Definition = Event.define("test:words", {
  durability: "observation",
  description: "For tests.",
  payload: Schema.Struct({
    kind: Schema.Literals(["one-1", "two-2"]),
    count: Schema.Literal(3),
    inner: Schema.optionalKey(Schema.NullOr(Schema.Struct({ deep_1: Schema.FiniteFromString }))),
    any: Schema.Record(Schema.String, Schema.Struct({ in_record: Schema.String })),
    pair: Schema.Tuple([Schema.Literal("first-1"), Schema.Struct({ second_1: Schema.String })]),
    tree: Tree
  })
})

describe("OwnWords", () => {
  it("are names and choices, at any depth", () => {
    const words = "any count deep_1 first-1 in_record inner kind leaf_1 one-1 pair second_1 tree trees two-2"
    assert.deepStrictEqual([...OwnWords.of(Definition)].sort(), words.split(" "))
    assert.strictEqual(OwnWords.of(Definition), OwnWords.of(Definition))
  })
})
