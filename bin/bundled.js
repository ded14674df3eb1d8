// Whether a bundle is there, and made of the sources as they are now.

import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))
export const sources = join(root, "src")
export const folder = join(root, "bundle")

/** The file of a bundle that says what it was made of. */
export const marker = "made-of.txt"

/** Changes with each edit of a source, and with each installation of Effect. */
export const state = () => {
  const total = { files: 0, bytes: 0, times: 0 }
  const count = (file) => {
    const { mtimeMs, size } = statSync(file)
    total.files += 1
    total.bytes += size
    total.times += mtimeMs % 1e9
  }
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(`${path}/${entry.name}`)
      else count(`${path}/${entry.name}`)
    }
  }
  visit(sources)
  count(join(root, "node_modules", "effect", "package.json"))
  return `${Object.values(total).join(" ")}\n`
}

/** What the marker of these sources says: the name of the bundle's main file, which tells one bundle from another, stands first. */
export const marking = (main) => `${main}\n${state()}`

/** The bundle's main file; undefined where there is none of these sources. */
export const mainFile = () => {
  try {
    const marked = readFileSync(join(folder, marker), "utf8")
    const [main] = marked.split("\n", 1)
    return marked === marking(main) ? join(folder, main) : undefined
  } catch {
    return undefined
  }
}
