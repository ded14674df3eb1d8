/** Which rooms of the house import which: a room is a folder of `src/`, and within `kernel` and `events` each of theirs. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"

export interface Import {
  readonly from: string
  readonly to: string
}

/** `src/kernel/stack/Stack.ts` stands in `kernel/stack`. */
export const roomOf = (file: string): string => {
  const [, first = "", second = ""] = file.split("/")
  const inner = first === "kernel" || first === "events"
  return inner && !second.endsWith(".ts") ? `${first}/${second}` : first.replace(/\.ts$/, "")
}

const specifier = /(?:^|\n)(?:import|export)\b[^"]*?from "(\.[^"]+)"|import\("(\.[^"]+)"\)|\nimport "(\.[^"]+)"/g

/** Every import of one file of `src/` by another; types count too. */
export const imports = (root: string): ReadonlyArray<Import> =>
  fs.globSync("src/**/*.ts", { cwd: root }).sort().flatMap((from) =>
    [...fs.readFileSync(path.join(root, from), "utf8").matchAll(specifier)].map(([, one, other, third]) => ({
      from,
      to: path.posix.join(path.posix.dirname(from), one ?? other ?? third ?? "")
    }))
  )

/** By importing and imported room, how many imports there are. */
export const edges = (all: ReadonlyArray<Import>): ReadonlyMap<string, ReadonlyMap<string, number>> => {
  const graph = new Map<string, Map<string, number>>()
  for (const { from, to } of all) {
    const [one, other] = [roomOf(from), roomOf(to)]
    const targets = graph.get(one) ?? new Map<string, number>()
    graph.set(one, targets)
    if (one !== other) targets.set(other, (targets.get(other) ?? 0) + 1)
  }
  return graph
}

/** The rooms that a room reaches, by any way. */
const reached = (graph: ReadonlyMap<string, ReadonlyMap<string, number>>, room: string): ReadonlySet<string> => {
  const seen = new Set<string>()
  const waiting = [room]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const target of graph.get(next)?.keys() ?? []) {
      if (seen.has(target)) continue
      seen.add(target)
      waiting.push(target)
    }
  }
  return seen
}

/** The rooms that stand in a circle of imports. */
export const circular = (graph: ReadonlyMap<string, ReadonlyMap<string, number>>): ReadonlyArray<string> =>
  [...graph.keys()].filter((room) => reached(graph, room).has(room)).sort()
