/** What must hold of a batch however servers were killed: each line in the output once, and hardly one asked for nothing. */

export interface GivenBatch {
  readonly names: ReadonlyArray<string>
  /** The `custom_id` of each line of its output. */
  readonly output: ReadonlyArray<string>
  /** Of the vendor, by the line. */
  readonly calls: ReadonlyMap<string, number>
  readonly kills: number
  readonly concurrency: number
}

/** What is wrong, a line each; none: nothing. */
export const problems = ({ calls, concurrency, kills, names, output }: GivenBatch): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const times = new Map<string, number>()
  for (const name of output) times.set(name, (times.get(name) ?? 0) + 1)
  for (const name of names) {
    if (times.get(name) !== 1) wrong.push(`${name} is in the output ${times.get(name) ?? 0} times`)
  }
  if (output.length !== names.length) wrong.push(`${output.length} lines in the output of ${names.length}`)
  const all = names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0)
  const most = names.length + kills * concurrency
  if (all > most) wrong.push(`${all} calls, of which ${most} may be`)
  return wrong
}
