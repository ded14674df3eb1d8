/** Prints the imports from room to room: `npm run rooms`. */
// @effect-diagnostics *:off
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { circular, edges, imports } from "./RoomGraph.ts"

const graph = edges(imports(path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..")))
for (const room of [...graph.keys()].sort()) {
  const targets = [...graph.get(room) ?? []].sort().map(([target, count]) => `${target} ${count}`)
  process.stdout.write(`${room.padEnd(22)} -> ${targets.join(", ") || "nothing"}\n`)
}
const circles = circular(graph)
process.stdout.write(circles.length === 0 ? "no circle\n" : `in a circle: ${circles.join(", ")}\n`)
process.exitCode = circles.length === 0 ? 0 : 1
