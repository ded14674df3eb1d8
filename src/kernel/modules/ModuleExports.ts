/** Checks what a module exports: provider types and APIs, whole, new, and for this Strata. */
import { Context, Predicate, Result, Schema, SemVer, SemVerRange } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import * as EventDefinitions from "../contributions/EventDefinitions.ts"
import type { Operation } from "../http/Operations.ts"
import { operationsOf } from "../http/Operations.ts"
import * as StrataApi from "../http/StrataApi.ts"
import { version } from "../http/Version.ts"
import type { AnyDefinition } from "../provider/Provider.ts"
import type { AnyApiModule } from "./ApiModule.ts"
import type { ModuleSet } from "./ModuleSet.ts"
import { groupsOf } from "./ModuleSet.ts"
import * as RouteClashes from "./RouteClashes.ts"

export interface ModuleExports {
  readonly providers: ReadonlyArray<AnyDefinition>
  readonly apis: ReadonlyArray<AnyApiModule>
}

type Exports = Readonly<Record<string, unknown>>
type Issues = ReadonlyArray<string>

interface Member {
  readonly name: string
  readonly expected: string
  readonly fits: (value: unknown) => boolean
}

const member = (name: string, expected: string, fits: Member["fits"]): Member => ({ name, expected, fits })

/** A member that may be absent. */
const optional = (name: string, expected: string, fits: Member["fits"]): Member =>
  member(name, expected, (value) => value === undefined || fits(value))

const isText = (value: unknown): boolean => Predicate.isString(value) && value !== ""

const isDeprecation = (value: unknown): boolean =>
  Predicate.isObject(value) && ("warning" in value ? isText(value.warning) : "error" in value && isText(value.error))

const isProviderApi = (value: unknown): boolean =>
  Predicate.isObject(value) && "name" in value && Predicate.isString(value.name) && "service" in value &&
  Context.isKey(value.service) && "slot" in value && Context.isKey(value.slot) && "contract" in value

const isApiList = (value: unknown): boolean => Array.isArray(value) && value.every(isProviderApi)

const providerMembers = [
  member("api", "an API, with name, service, slot and contract", isProviderApi),
  member(
    "type",
    "inline::name or remote::name",
    (value) => Predicate.isString(value) && /^(inline|remote)::[^\s:]+$/.test(value)
  ),
  member("displayName", "a text", isText),
  member("description", "a text", isText),
  member("config", "a Schema", Schema.isSchema),
  member("requires", "a list of APIs", isApiList),
  member("optional", "a list of APIs", isApiList),
  member("capabilities", "a list of texts", (value) => Array.isArray(value) && value.every(Predicate.isString)),
  optional("deprecated", "{ warning: a text } or { error: a text }", isDeprecation),
  optional("providerData", "a Schema", Schema.isSchema),
  optional("upstream", "a function", Predicate.isFunction),
  member("layer", "a function", Predicate.isFunction)
]

const apiMembers = [
  member(
    "name",
    "a name of letters, digits, dashes and underscores",
    (value) => Predicate.isString(value) && /^[a-z][\w-]*$/i.test(value)
  ),
  member("routes", "an HttpApiGroup", (value) => Predicate.hasProperty(value, "~effect/http-api/HttpApiGroup")),
  member("live", "a function that imports the implementation", Predicate.isFunction),
  member("events", "a list of event definitions", Array.isArray),
  member("resources", "a list of kinds of resources", Array.isArray),
  member("projections", "a list of projections", Array.isArray),
  member(
    "projections",
    "none: the tables that are kept with the log are Strata's own",
    (value) => !Array.isArray(value) || value.length === 0
  ),
  member("dialects", "an object of dialects by operation id", Predicate.isObject),
  optional("contract", "an API as providers implement it", isProviderApi)
]

/** What is missing of a value; it is made by `maker`. */
const shapeIssues = (value: unknown, where: string, members: ReadonlyArray<Member>, maker: string): Issues => {
  if (!Predicate.isObject(value)) return [`${where} is no object: make it with ${maker}`]
  return members.flatMap(({ expected, fits, name }) => {
    const member = Reflect.get(value, name)
    if (fits(member)) return []
    return [`${where}.${name} is ${member === undefined ? "missing" : "not right"}: expected ${expected}; use ${maker}`]
  })
}

const list = (exports: Exports, name: "providers" | "apis"): Result.Result<ReadonlyArray<unknown>, string> => {
  const exported = exports[name] ?? []
  return Array.isArray(exported)
    ? Result.succeed(exported)
    : Result.fail(`the export ${name} is no list: export const ${name} = [...]`)
}

/** A range of versions; what is none fits nothing. */
const fitsVersion = (range: string): boolean => {
  const parsed = SemVerRange.parse(range)
  const running = SemVer.parse(version)
  return Result.isSuccess(parsed) && Result.isSuccess(running) && SemVerRange.matches(parsed.success, running.success)
}

const versionIssues = ({ strata }: Exports): Issues => {
  if (strata === undefined) return []
  if (!Predicate.isString(strata)) return ["the export strata is no text: name the versions, for example \"^0.1\""]
  return fitsVersion(strata)
    ? []
    : [`it is made for Strata ${strata}, and this is ${version}: install the version of it that is made for this one`]
}

/** An API of the name that is another: its providers would fill a slot that nobody looks into. */
const strangeApi = (registered: ReadonlyArray<AnyDefinition>, api: AnyDefinition["api"]): boolean => {
  const same = registered.find((each) => each.api.name === api.name)
  return same !== undefined && same.api.slot.key !== api.slot.key
}

const newProviderIssues = (
  provider: AnyDefinition,
  where: string,
  registered: ReadonlyArray<AnyDefinition>
): Issues => {
  const { api, type } = provider
  if (registered.some((each) => each !== provider && each.type === type && each.api.name === api.name)) {
    return [`${where}.type: ${type} of ${api.name} exists already: choose another name`]
  }
  return strangeApi(registered, api)
    ? [`${where}.api is called ${api.name}, but is not Strata's: import that from "strata/kernel/…"`]
    : []
}

const ofApi = (module: AnyApiModule) => operationsOf(StrataApi.make(groupsOf([module])))

const eventIssues = ({ events }: AnyApiModule, where: string, { catalog }: ModuleSet): Issues =>
  events.flatMap((event, index) => {
    const issue = EventDefinitions.issueOf(catalog.find, event)
    return issue === undefined ? [] : [`${where}.events[${index}]: ${issue}`]
  })

const operationIssues = (operations: ReadonlyArray<Operation>, taken: ReadonlyArray<Operation>): Issues => [
  ...RouteClashes.issues(operations, taken),
  ...operations.flatMap(({ id }) => {
    const same = taken.find((each) => each.id === id)
    return same === undefined
      ? []
      : [`the operation ${id} exists in ${same.group} already: give its endpoint another identifier`]
  })
]

const apiIssues = (
  api: AnyApiModule,
  where: string,
  others: ReadonlyArray<AnyApiModule>,
  set: ModuleSet
): Issues => {
  const { name, routes } = api
  const { identifier } = routes as unknown as HttpApiGroup.Top
  if (identifier !== name) return [`${where}.routes are called ${identifier}, and the API ${name}: name both the same`]
  if (set.own.some((each) => each.name === name) || others.some((each) => each !== api && each.name === name)) {
    return [`${where}.name: there is an API ${name} already: choose another name`]
  }
  const taken = [...set.operations, ...others.filter((each) => each !== api).flatMap(ofApi)]
  return [
    ...operationIssues(ofApi(api), taken).map((issue) => `${where}: ${issue}`),
    ...eventIssues(api, where, set)
  ]
}

/** `registered`: the provider types there are; `others`: the APIs that other modules brought. */
export const check = (
  exports: Exports,
  registered: ReadonlyArray<AnyDefinition>,
  others: ReadonlyArray<AnyApiModule>,
  set: ModuleSet
): Result.Result<ModuleExports, Issues> => {
  const wrongVersion = versionIssues(exports)
  if (wrongVersion.length > 0) return Result.fail(wrongVersion)
  if (exports["providers"] === undefined && exports["apis"] === undefined) {
    return Result.fail(["it exports neither providers nor apis: export const providers = [...]"])
  }
  const [providers, apis] = [list(exports, "providers"), list(exports, "apis")]
  if (Result.isFailure(providers)) return Result.fail([providers.failure])
  if (Result.isFailure(apis)) return Result.fail([apis.failure])
  const shape = [
    ...providers.success.flatMap((each, index) =>
      shapeIssues(each, `providers[${index}]`, providerMembers, "Provider.make")
    ),
    ...apis.success.flatMap((each, index) => shapeIssues(each, `apis[${index}]`, apiMembers, "ApiModule.make"))
  ]
  if (shape.length > 0) return Result.fail(shape)
  const exported = {
    providers: providers.success as ReadonlyArray<AnyDefinition>,
    apis: apis.success as ReadonlyArray<AnyApiModule>
  }
  const routable = new Set(
    [...registered, ...exported.apis, ...others].map((each) => "api" in each ? each.api.name : each.name)
  )
  const issues = [
    ...exported.providers.flatMap((each, index) => [
      ...newProviderIssues(each, `providers[${index}]`, [...registered, ...exported.providers.slice(0, index)]),
      ...routable.has(each.api.name)
        ? []
        : [`providers[${index}].api: nothing serves the API ${each.api.name}: name the module that exports it, too`]
    ]),
    ...exported.apis.flatMap((each, index) =>
      apiIssues(each, `apis[${index}]`, [...others, ...exported.apis.slice(0, index)], set)
    )
  ]
  return issues.length === 0 ? Result.succeed(exported) : Result.fail(issues)
}
