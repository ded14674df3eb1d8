/** The files of the log are for the user who runs Strata alone: what is said in a prompt is nobody else's business. */
import { Effect } from "effect"
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"

const fileMode = 0o600
const folderMode = 0o700
/** What others than the owner may. */
const open = 0o077

/** Windows keeps other rights, which these can't say. */
const kept = process.platform !== "win32"

const names = /^(?:strata\.(?:db|lock)|work\.db)(?:-(?:wal|shm|journal))?$/

export const makeFolder = (folder: string): void => void mkdirSync(folder, { recursive: true, mode: folderMode })

/** SQLite gives the files beside it the rights of the file itself. */
export const makeFile = (file: string): void => closeSync(openSync(file, "a", fileMode))

const rights = (mode: number): string => (mode & 0o777).toString(8)

const tightened = (path: string, mode: number): string | undefined => {
  const before = statSync(path).mode
  if ((before & open) === 0) return undefined
  try {
    chmodSync(path, mode)
    return `${path} was open to others (${rights(before)}) and is now its owner's alone (${rights(mode)})`
  } catch {
    return `${path} is open to others (${rights(before)}), and its rights belong to another user: chmod ${
      rights(mode)
    } ${path}`
  }
}

/** A folder with other things in it is not ours to close. */
const closeFolder = (folder: string): string | undefined =>
  readdirSync(folder).every((name) => names.test(name)) ? tightened(folder, folderMode) : undefined

/** Closes what an earlier version, or a copy, left open, and says so. */
export const tighten = (folder: string) =>
  Effect.suspend(() => {
    if (!kept) return Effect.void
    const files = readdirSync(folder).filter((name) => names.test(name))
    const warnings = [closeFolder(folder), ...files.map((name) => tightened(join(folder, name), fileMode))]
    return Effect.forEach(warnings.filter((line) => line !== undefined), (line) => Effect.logWarning(line), {
      discard: true
    })
  })
