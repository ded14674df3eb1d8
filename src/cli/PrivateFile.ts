/** Files with what was said in sessions: for the user who writes them alone. */
import { Effect, FileSystem } from "effect"

export const mode = 0o600

/** A file that is there keeps its rights when it is written: they are taken from others first. */
export const prepare = Effect.fnUntraced(function*(path: string) {
  const files = yield* FileSystem.FileSystem
  if (process.platform === "win32") return
  const info = yield* Effect.option(files.stat(path))
  if (info._tag === "Some" && info.value.type === "File" && (info.value.mode & 0o077) !== 0) {
    yield* files.chmod(path, mode)
  }
})
