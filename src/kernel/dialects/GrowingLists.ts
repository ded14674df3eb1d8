/** Lists that come in pieces: each grows in place, so that many pieces take linear time; what somebody else made is copied once. */
import type { Schema } from "effect"
import { addAll } from "../../events/types/AddAll.ts"
import * as JsonKey from "./JsonKey.ts"

type List = ReadonlyArray<Schema.Json>

export class GrowingLists {
  readonly #own = new Set<List>()
  /** What stands in a list that has each once. */
  readonly #values = new Map<List, Set<string>>()

  /** A list that may be changed, for one that may not. */
  own(before: List): Array<Schema.Json> {
    const list = this.#own.has(before) ? before as Array<Schema.Json> : [...before]
    this.#own.add(list)
    return list
  }

  /** The list with more behind it. */
  behind(before: List, more: List): List {
    const list = this.own(before)
    addAll(list, more)
    return list
  }

  /** The list with what it has not yet behind it. */
  distinct(before: List, more: List): List {
    const list = this.own(before)
    const values = this.#values.get(list) ?? new Set(list.map(JsonKey.of))
    this.#values.set(list, values)
    const fresh = more.map((each) => [each, JsonKey.of(each)] as const).filter(([, key]) => !values.has(key))
    for (const [each, key] of fresh) {
      values.add(key)
      list.push(each)
    }
    return list
  }
}
