// Whether a bundle is there, and made of the sources as they are now; and a startup snapshot, made by this Node.

import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { cachedDataVersionTag } from "node:v8"

export const root = fileURLToPath(new URL("..", import.meta.url))
export const sources = join(root, "src")
export const folder = join(root, "bundle")

/** The file of a bundle that says what it was made of. */
export const marker = "made-of.txt"

/** The startup snapshot, and the file that says which Node made it. */
export const blob = join(folder, "snapshot.blob")
export const maker = join(folder, "made-by.txt")

/** A snapshot fits the Node that made it, on such a processor, in the same place. */
export const runtime = () => {
  const { arch, platform, version } = process
  return `${version} ${platform} ${arch} ${cachedDataVersionTag()} ${root}\n`
}

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

const says = (file, text) => {
  try {
    return readFileSync(file, "utf8") === text()
  } catch {
    return false
  }
}

const isOfTheseSources = () => says(join(folder, marker), state)

/** The bundle's main file; undefined where there is none of these sources. */
export const mainFile = () => isOfTheseSources() ? pathToFileURL(join(folder, "main.js")).href : undefined

/** The startup snapshot; undefined where there is none of these sources that this Node can begin from. */
export const snapshot = () => says(maker, runtime) && isOfTheseSources() ? blob : undefined
