/** Where `strata init` writes: a configuration and its JSON Schema, both or none. */
import { Data, Effect, FileSystem, Path } from "effect"
import type { PlatformError } from "effect"

export class NotWritten extends Data.TaggedError("NotWritten")<{ readonly message: string }> {}

export interface Targets {
  readonly file: string
  readonly schema: string
  /** The schema's name beside the file. */
  readonly schemaName: string
}

const isFolder = (path: string) =>
  FileSystem.FileSystem.use((files) =>
    Effect.match(files.stat(path), { onSuccess: ({ type }) => type === "Directory", onFailure: () => false })
  )

const refuse = (message: string) => Effect.fail(new NotWritten({ message }))

/** Fails where nothing could be written, or something is there that is not to be replaced. */
export const targets = Effect.fnUntraced(function*(file: string, replace: boolean) {
  const files = yield* FileSystem.FileSystem
  const { basename, dirname, join } = yield* Path.Path
  const schemaName = `${basename(file).replace(/\.ya?ml$/, "")}.schema.json`
  const folder = dirname(file)
  const paths: Targets = { file, schemaName, schema: join(folder, schemaName) }
  if (!(yield* isFolder(folder))) {
    return yield* refuse(
      `${file} can't be written: there is no folder ${folder}: make it first, or name another file with --output.`
    )
  }
  for (const path of [paths.file, paths.schema]) {
    if (yield* isFolder(path)) {
      return yield* refuse(`${path} can't be written: it is a folder: name another file with --output.`)
    }
    const exists = yield* Effect.orElseSucceed(files.exists(path), () => false)
    if (exists && !replace) {
      return yield* refuse(`${path} is there already: name another with --output, or add --force.`)
    }
  }
  return paths
})

const reasonOf = ({ reason }: PlatformError.PlatformError): string =>
  reason._tag === "PermissionDenied"
    ? "this user may not write there: name another file with --output, or change the permissions"
    : "the operating system refuses it: check that the name is one of a file and that the disk has room"

export const write = (path: string, text: string) =>
  FileSystem.FileSystem.use((files) =>
    Effect.mapError(
      files.writeFileString(path, text),
      (error) => new NotWritten({ message: `${path} can't be written: ${reasonOf(error)}.` })
    )
  )
