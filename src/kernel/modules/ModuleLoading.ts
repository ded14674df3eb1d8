/** The modules a configuration names: each loaded once, its exports checked, everything that is wrong told at once. */
import { Effect, Result } from "effect"
import type { ConfigurationIssue } from "../issues/ConfigurationInvalid.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import type { AnyApiModule } from "./ApiModule.ts"
import * as ModuleExports from "./ModuleExports.ts"
import * as ModuleImport from "./ModuleImport.ts"
import type { ModuleSet } from "./ModuleSet.ts"

/** A module, and where the configuration names it first. */
export interface NamedModule {
  readonly path: string
  readonly module: string
}

export interface LoadedModule extends ModuleExports.ModuleExports {
  readonly module: string
}

export interface LoadedModules {
  readonly modules: ReadonlyArray<LoadedModule>
  readonly issues: ReadonlyArray<ConfigurationIssue>
  /** The names of those with issues. */
  readonly failed: ReadonlySet<string>
}

const unique = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(values)]

export const providersOf = (modules: ReadonlyArray<LoadedModule>): ReadonlyArray<AnyDefinition> =>
  unique(modules.flatMap(({ providers }) => providers))

export const apisOf = (modules: ReadonlyArray<LoadedModule>): ReadonlyArray<AnyApiModule> =>
  unique(modules.flatMap(({ apis }) => apis))

/** Files and packages are looked for from the folder of the configuration. `registered`: the provider types there are; `set`: Strata's own
 * APIs. */
export const load = Effect.fn("ExternalModules.load")(
  function*(
    named: ReadonlyArray<NamedModule>,
    folder: string,
    registered: ReadonlyArray<AnyDefinition>,
    set: ModuleSet
  ): Effect.fn.Return<LoadedModules> {
    const firsts = new Map(named.toReversed().map((each) => [ModuleImport.keyOf(each.module, folder), each]))
    const issues: Array<ConfigurationIssue> = []
    const failed = new Set<string>()
    const imported: Array<{ readonly named: NamedModule; readonly exports: Readonly<Record<string, unknown>> }> = []
    const refuse = ({ module, path }: NamedModule, messages: ReadonlyArray<string>) => {
      const key = ModuleImport.keyOf(module, folder)
      for (const each of named) if (ModuleImport.keyOf(each.module, folder) === key) failed.add(each.module)
      issues.push(...messages.map((message) => ({ path, message })))
    }
    for (const each of [...firsts.values()].toReversed()) {
      const exports = yield* Effect.result(ModuleImport.load(each.module, folder))
      if (Result.isFailure(exports)) refuse(each, [exports.failure.message])
      else imported.push({ named: each, exports: exports.success })
    }
    // A provider may stand before the API it implements: the modules with APIs are looked at first.
    const order = imported.toSorted((one, other) => Number("apis" in other.exports) - Number("apis" in one.exports))
    const modules: Array<LoadedModule> = []
    for (const { exports, named: each } of order) {
      const checked = ModuleExports.check(exports, [...registered, ...providersOf(modules)], apisOf(modules), set)
      if (Result.isSuccess(checked)) modules.push({ module: each.module, ...checked.success })
      else refuse(each, checked.failure.map((message) => `${each.module}: ${message}`))
    }
    return { modules, issues, failed }
  }
)
