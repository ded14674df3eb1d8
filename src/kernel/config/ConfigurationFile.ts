/** Loads a configuration: file, YAML, environment, Schema; all that is wrong comes out as one error. */
import { ConfigProvider, Effect, FileSystem, Option, type PlatformError, Result, Schema } from "effect"
import { Configuration } from "./Configuration.ts"
import { ConfigurationInvalid, type ConfigurationIssue } from "./ConfigurationInvalid.ts"
import { ConfigurationUnreadable } from "./ConfigurationUnreadable.ts"
import { decodingIssues } from "./DecodingIssues.ts"
import { type Lookup, namesIn, substitute } from "./EnvironmentSubstitution.ts"
import { type SkippedProvider, withoutSkipped } from "./SkippedProviders.ts"
import { parseYaml } from "./YamlTree.ts"

export interface LoadedConfiguration {
  /** Its providers are the ones to start; an API keeps its list, possibly empty. */
  readonly configuration: Configuration
  readonly skipped: ReadonlyArray<SkippedProvider>
}

const decode = Schema.decodeUnknownEffect(Configuration, { errors: "all", onExcessProperty: "error" })

/** Asks the ConfigProvider for what the tree names, and for the home folder that `~` stands for. */
const lookupFor = Effect.fnUntraced(function*(tree: Schema.Json): Effect.fn.Return<Lookup, ConfigProvider.SourceError> {
  const provider = yield* ConfigProvider.ConfigProvider
  const names = [...namesIn(JSON.stringify(tree)), "HOME", "USERPROFILE"]
  const nodes = yield* Effect.forEach(names, (name) => provider.load([name]))
  const values = new Map(nodes.map((node, index) => [names[index], node?.value]))
  return (name) => values.get(name)
})

/** `file` only names the text in errors. The environment is the current ConfigProvider's. */
export const parse = Effect.fn("ConfigurationFile.parse")(
  function*(text: string, file: string): Effect.fn.Return<LoadedConfiguration, ConfigurationInvalid> {
    const invalid = (issues: ReadonlyArray<ConfigurationIssue>) => new ConfigurationInvalid({ file, issues })
    const written = yield* Effect.fromResult(Result.mapError(parseYaml(text), invalid))
    const lookup = yield* Effect.mapError(
      lookupFor(written),
      (error) => invalid([{ path: "", message: `the environment cannot be read: ${error.message}` }])
    )
    const { issues, tree } = substitute(written, lookup)
    const decoded = yield* Effect.result(decode(tree))
    const unset = new Set(issues.map(({ path }) => path))
    const wrong = Result.isFailure(decoded) ? decodingIssues(decoded.failure, written) : []
    const all = [...issues, ...wrong.filter(({ path }) => !unset.has(path))]
    if (Result.isFailure(decoded) || all.length > 0) return yield* invalid(all)
    return withoutSkipped(decoded.success, written)
  }
)

/** The platform reports a folder and a path through a file alike, so the first is asked for. */
const unreadable = Effect.fnUntraced(function*(file: string, { reason }: PlatformError.PlatformError) {
  const fileSystem = yield* FileSystem.FileSystem
  const isFolder = Effect.map(Effect.option(fileSystem.stat(file)), Option.exists(({ type }) => type === "Directory"))
  if (reason._tag === "NotFound") return new ConfigurationUnreadable({ file, reason: "not found" })
  if (reason._tag === "PermissionDenied") return new ConfigurationUnreadable({ file, reason: "permission" })
  return new ConfigurationUnreadable({ file, reason: (yield* isFolder) ? "is a folder" : "other" })
})

export const load = Effect.fn("ConfigurationFile.load")(
  function*(
    path: string
  ): Effect.fn.Return<LoadedConfiguration, ConfigurationInvalid | ConfigurationUnreadable, FileSystem.FileSystem> {
    const fileSystem = yield* FileSystem.FileSystem
    const text = yield* Effect.catch(
      fileSystem.readFileString(path),
      (error) => Effect.flatMap(unreadable(path, error), Effect.fail)
    )
    return yield* parse(text, path)
  }
)
