/** Imports a module that a configuration names: a package installed beside the configuration, or a file. */
import { Duration, Effect, Predicate, Schema } from "effect"
import { statSync } from "node:fs"
import { registerHooks } from "node:module"
import { dirname, isAbsolute, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as OwnFiles from "./OwnFiles.ts"

export class ModuleNotLoaded extends Schema.TaggedError<ModuleNotLoaded>()("ModuleNotLoaded", {
  module: Schema.String,
  message: Schema.String
}) {}

/** How long a module may take to load. */
const limit = Duration.seconds(10)

/** Where this Strata stands: its sources, or what was built of them. */
const root = new URL("../../", import.meta.url)
const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js"
const scheme = "strata-module:"

/** True for names that a module shares with Strata: two copies of Effect in one process do not understand each other. */
const isShared = (specifier: string): boolean => /^(effect|@effect\/platform-node)(\/|$)/.test(specifier)

/** The folder a package is looked for from, and the package. */
const packageOf = (specifier: string): { readonly name: string; readonly parentURL: string } => {
  const { pathname, searchParams } = new URL(specifier)
  return { name: decodeURIComponent(pathname), parentURL: searchParams.get("from") ?? root.href }
}

let hooked = false

/** `strata/…` and `effect` are this Strata's own, whoever imports them and whether it is installed there or not. */
const hook = (): void => {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith(scheme)) {
        const { name, parentURL } = packageOf(specifier)
        return next(name, { ...context, parentURL })
      }
      if (specifier.startsWith("strata/")) {
        const path = specifier.slice("strata/".length).replace(/\.[jt]s$/, "")
        return next(new URL(`${path}${extension}`, root).href, context)
      }
      return isShared(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context)
    }
  })
}

/** `./thing.ts`, `../thing.ts`, `/srv/thing.js`, `C:\thing.js`. */
const isFile = (module: string): boolean => /^\.{1,2}[/\\]/.test(module) || isAbsolute(module)

/** The folder of a configuration file: modules are looked for from there. */
export const folderOf = (configuration: string): string => dirname(resolve(configuration))

/** What stands for a module: the same for two ways to write its path. */
export const keyOf = (module: string, folder: string): string => isFile(module) ? resolve(folder, module) : module

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** The name in the message of an error of Node's: what could not be found. */
const missingName = (error: unknown): string | undefined =>
  Predicate.hasProperty(error, "code") && error.code === "ERR_MODULE_NOT_FOUND"
    ? /Cannot find (?:module|package) '([^']+)'/.exec(messageOf(error))?.[1]
    : undefined

const asPath = (name: string): string => name.startsWith("file:") ? fileURLToPath(name) : name

/** The package without the version that npm install takes and an import does not; undefined where there is none. */
const withoutVersion = (module: string): string | undefined => {
  const [, name, path] = /^(@?[^@]+)@[^/]+(\/.*)?$/.exec(module) ?? []
  return name === undefined ? undefined : name + (path ?? "")
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

const explain = (module: string, folder: string) => (error: unknown): ModuleNotLoaded => {
  const missing = missingName(error)
  const of = (message: string) => new ModuleNotLoaded({ module, message })
  if (missing !== undefined && isFile(module) && asPath(missing) === resolve(folder, module)) {
    return of(`there is no file ${resolve(folder, module)}: check the path; it is relative to the configuration file`)
  }
  if (missing !== undefined && module.startsWith(missing)) {
    const unversioned = withoutVersion(module)
    if (isThere(resolve(folder, module))) return of(`there is no package ${module}, but a file: write ./${module}`)
    if (unversioned !== undefined) {
      return of(`${module} names a version: leave it out and write ${unversioned}; the one installed is loaded`)
    }
  }
  if (missing === module) return of(`the package ${module} is not installed: run npm install ${module} in ${folder}`)
  return missing === undefined
    ? of(`${module} can't be loaded: ${messageOf(error)}`)
    : of(`${module} needs ${missing}, which is not there: install what it depends on`)
}

/** Its exports. It is run: what it does as it is loaded happens. */
export const load = Effect.fn("ModuleImport.load")(
  function*(module: string, folder: string): Effect.fn.Return<Readonly<Record<string, unknown>>, ModuleNotLoaded> {
    yield* OwnFiles.needed
    yield* Effect.sync(hook)
    const url = isFile(module)
      ? pathToFileURL(resolve(folder, module)).href
      : `${scheme}${encodeURIComponent(module)}?from=${
        encodeURIComponent(pathToFileURL(resolve(folder, "strata.yaml")).href)
      }`
    return yield* Effect.tryPromise({ try: () => import(url), catch: explain(module, folder) }).pipe(
      Effect.timeoutOrElse({
        duration: limit,
        orElse: () => {
          const message = `${module} has not loaded within ${Duration.format(limit)}: ` +
            "look for an await at its top level that never ends"
          return Effect.fail(new ModuleNotLoaded({ module, message }))
        }
      })
    )
  }
)
