/** Names for tools of several groups side by side. */
import { assert, describe, it } from "@effect/vitest"
import * as ToolNames from "../../../src/kernel/tools/ToolNames.ts"

const tool = (provider: string, name: string) => ({ provider, name })

const names = (tools: ReadonlyArray<ReturnType<typeof tool>>, letters = ToolNames.ofModels) =>
  ToolNames.of(tools, letters).map(({ name }) => name)

describe("the names of tools", () => {
  it("stay as they are where they are alone", () =>
    assert.deepStrictEqual(names([tool("a", "get_weather"), tool("b", "search")]), ["get_weather", "search"]))

  it("have their provider before them where several have them", () =>
    assert.deepStrictEqual(names([tool("a", "x"), tool("b", "x"), tool("b", "y")]), ["a_x", "b_x", "y"]))

  it("are of letters that vendors take, and still each its own", () => {
    const all = names([tool("a", "files.read"), tool("a", "files/read"), tool("b", "wetter.für"), tool("b", "")])
    for (const name of all) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/)
    assert.strictEqual(new Set(all).size, 4)
    assert.deepStrictEqual(names([tool("a", "files.read")], ToolNames.ofMcp), ["files.read"])
  })

  it("of a server with very many that come to the same are counted in linear time", () => {
    const begun = performance.now()
    const all = names(Array.from({ length: 150_000 }, () => tool("a", "x")))
    assert.strictEqual(new Set(all).size, 150_000)
    assert.deepStrictEqual([all[0], all[1], all.at(-1)], ["a_x", "a_x_2", "a_x_150000"])
    assert.isBelow(performance.now() - begun, 3000)
  })

  it("are no longer than allowed, and still each its own", () => {
    const long = "x".repeat(100)
    const all = names(["a", "b", "c"].map((end) => tool("provider", long + end)))
    for (const name of all) assert.isAtMost(name.length, 64)
    assert.strictEqual(new Set(all).size, 3)
  })
})
