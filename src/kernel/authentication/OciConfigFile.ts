/** The file in which Oracle's tools keep who asks: `~/.oci/config`, a section for each profile. */
import { Effect } from "effect"
import { readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"

/** By key; what a profile lacks is of the profile DEFAULT. */
export type Profile = Readonly<Record<string, string>>

const section = /^\[(.+)\]$/
const entry = /^([^=:]+?)\s*[=:]\s*(.*)$/

const sectionsOf = (text: string): ReadonlyMap<string, Record<string, string>> => {
  const sections = new Map<string, Record<string, string>>()
  let current: Record<string, string> = {}
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue
    const [, name] = section.exec(line) ?? []
    if (name !== undefined) sections.set(name.trim(), current = sections.get(name.trim()) ?? {})
    const [, key, value] = name === undefined ? entry.exec(line) ?? [] : []
    if (key !== undefined) current[key] = value ?? ""
  }
  return sections
}

/** `~` is the home of who runs the server. */
const atHome = (path: string): string => path === "~" || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : path

export const read = (path: string, what: string): Effect.Effect<string, AuthenticationFailed> =>
  Effect.tryPromise({
    try: () => readFile(atHome(path), "utf8"),
    catch: () => new AuthenticationFailed({ message: `${what} ${path} can't be read: check that it is there` })
  })

/** A file that a profile names stands beside its own, where its path is relative. */
export const besides = (file: string, path: string): string => resolve(dirname(atHome(file)), atHome(path))

export const profile = (file: string, name: string): Effect.Effect<Profile, AuthenticationFailed> =>
  Effect.flatMap(read(file, "oci_config_file_path"), (text) => {
    const sections = sectionsOf(text)
    const own = sections.get(name)
    return own === undefined
      ? Effect.fail(new AuthenticationFailed({ message: `${file} has no profile ${name}: check oci_config_profile` }))
      : Effect.succeed({ ...sections.get("DEFAULT"), ...own })
  })
