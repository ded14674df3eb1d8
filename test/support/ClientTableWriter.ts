/** After `npm run samples`: the lines of the files that were run are written anew, those of files that are gone taken out. */
import { existsSync, writeFileSync } from "node:fs"
import type { TestProject } from "vitest/node"
import type { Clients } from "./ClientTable.ts"
import { listed, place } from "./ClientTable.ts"

export default (project: TestProject) => () => {
  const table: Record<string, Clients> = { ...listed() }
  const root = project.config.root
  for (const { filepath, meta } of project.vitest.state.getFiles()) {
    const { clients } = meta as { readonly clients?: Clients }
    const file = filepath.slice(root.length + 1)
    if (clients === undefined) continue
    if (Object.keys(clients).length === 0) delete table[file]
    else table[file] = clients
  }
  const sorted = Object.entries(table).filter(([file]) => existsSync(file)).toSorted(([one], [other]) =>
    one < other ? -1 : 1
  )
  writeFileSync(place, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
}
