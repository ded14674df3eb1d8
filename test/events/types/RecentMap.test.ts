/** A memory of bounded size: what was used last is in it. */
import { assert, describe, it } from "@effect/vitest"
import { RecentMap } from "../../../src/events/types/RecentMap.ts"

describe("RecentMap", () => {
  it("has the last entries, and not much more", () => {
    const map = new RecentMap<number, number>(10)
    for (let key = 0; key < 1000; key++) {
      map.set(key, key * 2)
      for (let last = Math.max(0, key - 9); last <= key; last++) assert.strictEqual(map.get(last), last * 2)
    }
    const kept = Array.from({ length: 1000 }, (_, key) => map.get(key)).filter((value) => value !== undefined)
    assert.isAtMost(kept.length, 20)
  })

  it("gives the newest value of a key, and none of what was removed", () => {
    const map = new RecentMap<string, number>(2)
    map.set("a", 1)
    map.set("b", 2)
    map.set("a", 3)
    assert.strictEqual(map.get("a"), 3)
    map.delete("a")
    assert.isUndefined(map.get("a"))
    map.clear()
    assert.isUndefined(map.get("b"))
  })
})
