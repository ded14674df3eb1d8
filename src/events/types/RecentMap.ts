/** Remembers what was used last: entries of at least so much weight, at most twice as much and one more. */

export class RecentMap<K, V> {
  readonly #least: number
  readonly #weigh: ((value: V) => number) | undefined
  #weight = 0
  #recent = new Map<K, V>()
  #earlier = new Map<K, V>()

  /** Without `weigh`, so many entries. */
  constructor(least: number, weigh?: (value: V) => number) {
    this.#least = least
    this.#weigh = weigh
  }

  get(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#earlier.get(key)
  }

  set(key: K, value: V): void {
    const weigh = this.#weigh
    if (weigh !== undefined) {
      const before = this.#recent.get(key)
      this.#weight += weigh(value) - (before === undefined ? 0 : weigh(before))
      this.#earlier.delete(key)
    }
    this.#recent.set(key, value)
    if ((weigh === undefined ? this.#recent.size : this.#weight) < this.#least) return
    this.#earlier = this.#recent
    this.#recent = new Map()
    this.#weight = 0
  }

  delete(key: K): void {
    const before = this.#recent.get(key)
    if (before !== undefined && this.#weigh !== undefined) this.#weight -= this.#weigh(before)
    this.#recent.delete(key)
    this.#earlier.delete(key)
  }

  clear(): void {
    this.#recent = new Map()
    this.#earlier = new Map()
    this.#weight = 0
  }
}
