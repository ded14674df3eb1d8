/**
 * Adds to a list what a client or a vendor sent, however much: spread as arguments (`push(...more)`), some 120,000 values are
 * more than a call can take.
 */
export const addAll = <A>(list: Array<A>, more: Iterable<A>): void => {
  for (const each of more) list.push(each)
}
