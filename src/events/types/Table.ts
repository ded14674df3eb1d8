/** A table that clients' and vendors' words are looked up in. */

/** It holds what is given and nothing else: `constructor` or `__proto__`, which every object has, are none of its names. */
export const tableOf = <Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.freeze(Object.assign(Object.create(null), entries))
