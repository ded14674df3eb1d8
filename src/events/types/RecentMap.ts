/** Remembers what was used last: at least so many entries, at most twice as many. */

export class RecentMap<K, V> {
  readonly #least: number
  #recent = new Map<K, V>()
  #earlier = new Map<K, V>()

  constructor(least: number) {
    this.#least = least
  }

  get(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#earlier.get(key)
  }

  set(key: K, value: V): void {
    this.#recent.set(key, value)
    if (this.#recent.size < this.#least) return
    this.#earlier = this.#recent
    this.#recent = new Map()
  }

  delete(key: K): void {
    this.#recent.delete(key)
    this.#earlier.delete(key)
  }

  clear(): void {
    this.#recent = new Map()
    this.#earlier = new Map()
  }
}
