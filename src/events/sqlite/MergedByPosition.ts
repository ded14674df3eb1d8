/** What stands in two tables, in order of position. Whoever stops early ends both queries. */

interface Placed {
  readonly position: number
}

export function* mergedByPosition<A extends Placed>(
  rows: Generator<A, undefined>,
  facts: Generator<A, undefined>
): Generator<A, undefined> {
  try {
    let [row, fact] = [rows.next().value, facts.next().value]
    while (row !== undefined || fact !== undefined) {
      if (fact === undefined || (row !== undefined && row.position < fact.position)) {
        yield row!
        row = rows.next().value
      } else {
        yield fact
        fact = facts.next().value
      }
    }
    return undefined
  } finally {
    rows.return(undefined)
    facts.return(undefined)
  }
}
