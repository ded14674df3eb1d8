/** Lists that come in pieces: each grows in place, so that many pieces take linear time; what somebody else made is copied once. */
import type { Schema } from "effect"
import { addAll } from "../../events/types/AddAll.ts"

type List = ReadonlyArray<Schema.Json>

export class GrowingLists {
  readonly #own = new WeakSet<object>()

  /** The list with more behind it. */
  behind(before: List, more: List): List {
    const list = this.#own.has(before) ? before as Array<Schema.Json> : [...before]
    this.#own.add(list)
    addAll(list, more)
    return list
  }
}
