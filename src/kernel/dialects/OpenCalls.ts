/** Calls of tools in a conversation that wait for their result: dialects whose results need not say which they are of. */
export interface OpenCall {
  readonly id: string
  readonly name: unknown
}

interface Entry extends OpenCall {
  isOpen: boolean
}

/** In the order they came; what is closed is passed over once. */
class Line {
  readonly #entries: Array<Entry> = []
  #at = 0

  add(entry: Entry): void {
    this.#entries.push(entry)
  }

  get oldest(): Entry | undefined {
    while (this.#entries[this.#at]?.isOpen === false) this.#at++
    return this.#entries[this.#at]
  }
}

/** In linear time: a client may send a hundred thousand of them. */
export class OpenCalls {
  readonly #all = new Line()
  readonly #byName = new Map<unknown, Line>()
  readonly #byId = new Map<string, Array<Entry>>()

  add({ id, name }: OpenCall): void {
    const entry = { id, name, isOpen: true }
    this.#all.add(entry)
    const line = this.#byName.get(name) ?? new Line()
    this.#byName.set(name, line)
    line.add(entry)
    const same = this.#byId.get(id)
    if (same === undefined) this.#byId.set(id, [entry])
    else same.push(entry)
  }

  /** The call that a result without an id belongs to: the oldest of its name, else the oldest. It is closed. */
  take(name: unknown): string | undefined {
    const entry = this.#byName.get(name)?.oldest ?? this.#all.oldest
    if (entry !== undefined) entry.isOpen = false
    return entry?.id
  }

  /** All calls of an id have their result. */
  close(id: string): void {
    for (const entry of this.#byId.get(id) ?? []) entry.isOpen = false
    this.#byId.delete(id)
  }
}
