/** Loads a configuration: file, YAML, environment, Schema; all that is wrong comes out as one error. */
import { ConfigProvider, Effect, FileSystem, Option, type PlatformError, Result, Schema } from "effect"
import { ConfigurationInvalid, type ConfigurationIssue } from "../issues/ConfigurationInvalid.ts"
import { type Lookup, namesIn, substitute } from "../issues/EnvironmentSubstitution.ts"
import { decodingIssues } from "../issues/SchemaIssues.ts"
import { type SkippedProvider } from "../provider/ProviderEntry.ts"
import { Configuration } from "./Configuration.ts"
import { ConfigurationUnreadable } from "./ConfigurationUnreadable.ts"
import * as LlamaStackFile from "./LlamaStackFile.ts"
import { malformed } from "./MalformedReferences.ts"
import { withoutSkipped } from "./SkippedProviders.ts"

export interface LoadedConfiguration {
  /** Its providers are the ones to start; an API keeps its list, possibly empty. */
  readonly configuration: Configuration
  readonly skipped: ReadonlyArray<SkippedProvider>
}

const decode = Schema.decodeUnknownEffect(Configuration, { errors: "all", onExcessProperty: "error" })

/** A server without a configuration file starts faster. */
const yamlTree = Effect.promise(() => import("./YamlTree.ts"))

/** Asks the ConfigProvider for what the tree names, and for the home folder that `~` stands for. */
const lookupFor = Effect.fnUntraced(function*(tree: Schema.Json): Effect.fn.Return<Lookup, ConfigProvider.SourceError> {
  const provider = yield* ConfigProvider.ConfigProvider
  const names = [...namesIn(JSON.stringify(tree)), "HOME", "USERPROFILE"]
  const nodes = yield* Effect.forEach(names, (name) => provider.load([name]))
  const values = new Map(nodes.map((node, index) => [names[index], node?.value]))
  return (name) => values.get(name)
})

/** A file as far as it is understood. */
export interface ReadConfiguration {
  readonly file: string
  /** Undefined where there are issues. */
  readonly configuration: Configuration | undefined
  readonly issues: ReadonlyArray<ConfigurationIssue>
  /** Before substitution: what the person has before their eyes. */
  readonly written: Schema.Json
  /** After substitution. */
  readonly tree: Schema.Json
  /** Of a Llama Stack's run.yaml: paths of what there is no use for. */
  readonly leftOut: ReadonlyArray<string>
}

const nobody: ReadonlySet<string> = new Set()

/**
 * `file` only names the text in errors. The environment is the current ConfigProvider's. `apis`: those whose providers are
 * taken from a Llama Stack's run.yaml; default none.
 */
export const readText = Effect.fn("ConfigurationFile.readText")(
  function*(text: string, file: string, apis = nobody): Effect.fn.Return<ReadConfiguration, ConfigurationInvalid> {
    const invalid = (issues: ReadonlyArray<ConfigurationIssue>) => new ConfigurationInvalid({ file, issues })
    const { parseYaml } = yield* yamlTree
    const parsed = yield* Effect.fromResult(Result.mapError(parseYaml(text), invalid))
    const { leftOut, tree: written } = LlamaStackFile.isOne(parsed)
      ? LlamaStackFile.translate(parsed, apis)
      : { tree: parsed, leftOut: [] }
    const lookup = yield* Effect.mapError(
      lookupFor(written),
      (error) => invalid([{ path: "", message: `the environment cannot be read: ${error.message}` }])
    )
    const { issues: unset, tree } = substitute(written, lookup)
    const issues = [...malformed(written, lookup), ...unset]
    const decoded = yield* Effect.result(decode(tree))
    const reported = new Set(issues.map(({ path }) => path))
    const wrong = Result.isFailure(decoded) ? decodingIssues(decoded.failure, written) : []
    const all = [...issues, ...wrong.filter(({ path }) => !reported.has(path))]
    const configuration = all.length > 0 ? undefined : Result.getOrUndefined(decoded)
    return { file, configuration, issues: all, written, tree, leftOut }
  }
)

/** What a file says, if nothing is wrong with it. */
const complete = (
  { configuration, file, issues, written }: ReadConfiguration
): Effect.Effect<LoadedConfiguration, ConfigurationInvalid> =>
  configuration === undefined
    ? Effect.fail(new ConfigurationInvalid({ file, issues }))
    : Effect.succeed(withoutSkipped(configuration, written))

export const parse = (text: string, file: string) => Effect.flatMap(readText(text, file), complete)

/** The platform reports a folder and a path through a file alike, so the first is asked for. */
const unreadable = Effect.fnUntraced(function*(file: string, { reason }: PlatformError.PlatformError) {
  const fileSystem = yield* FileSystem.FileSystem
  const isFolder = Effect.map(Effect.option(fileSystem.stat(file)), Option.exists(({ type }) => type === "Directory"))
  if (reason._tag === "NotFound") return new ConfigurationUnreadable({ file, reason: "not found" })
  if (reason._tag === "PermissionDenied") return new ConfigurationUnreadable({ file, reason: "permission" })
  return new ConfigurationUnreadable({ file, reason: (yield* isFolder) ? "is a folder" : "other" })
})

/** Reads a file as far as it is understood; fails where there is no YAML to read. */
export const read = Effect.fn("ConfigurationFile.read")(
  function*(
    path: string,
    apis = nobody
  ): Effect.fn.Return<ReadConfiguration, ConfigurationInvalid | ConfigurationUnreadable, FileSystem.FileSystem> {
    const fileSystem = yield* FileSystem.FileSystem
    const text = yield* Effect.catch(
      fileSystem.readFileString(path),
      (error) => Effect.flatMap(unreadable(path, error), Effect.fail)
    )
    return yield* readText(text, path, apis)
  }
)

export const load = (path: string) => Effect.flatMap(read(path), complete)
