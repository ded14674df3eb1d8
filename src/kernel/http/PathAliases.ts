/** Other paths by which the operations of a group are served, as other systems' clients ask for them. */
import { Context, Predicate } from "effect"
import type { HttpApi } from "effect/http-api"
import { openApiPath, type Operation } from "./Operations.ts"

export interface PathAlias {
  /** The path that is asked for, and its place in the group: `/v1alpha/skills` for `/v1/skills`, and all below. */
  readonly from: string
  readonly to: string
  /** What stands behind the ids of the operations in the document, so that each has its own: `Alpha`. */
  readonly suffix: string
}

/** For `annotate` of a group. Requests and events have the path and the operation that it is an alias of. */
export const PathAliases = Context.Reference<ReadonlyArray<PathAlias>>("strata/kernel/http/PathAliases", {
  defaultValue: () => []
})

export const aliasesOf = ({ groups }: HttpApi.Top): ReadonlyArray<PathAlias> =>
  Object.values(groups).flatMap(({ annotations }) => Context.get(annotations, PathAliases))

const isBelow = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`)

/** The operations under their other paths. */
export const aliased = (
  operations: ReadonlyArray<Operation>,
  aliases: ReadonlyArray<PathAlias>
): ReadonlyArray<Operation> =>
  aliases.flatMap(({ from, suffix, to }) =>
    operations.filter(({ path }) => isBelow(path, to)).map((operation) => ({
      ...operation,
      id: operation.id + suffix,
      path: from + operation.path.slice(to.length)
    }))
  )

const escaped = (text: string): string => text.replaceAll(/[^\w/]/g, "\\$&")

/** Fits the URLs that are asked for by another path. */
export const pattern = (aliases: ReadonlyArray<PathAlias>): RegExp =>
  aliases.length === 0
    ? /(?!)/
    : new RegExp(`^(${aliases.map(({ from }) => escaped(from)).join("|")})(?=[/?]|$)`)

export const rewriter = (aliases: ReadonlyArray<PathAlias>): (url: string) => string => {
  const places = new Map(aliases.map(({ from, to }) => [from, to]))
  const fits = pattern(aliases)
  return (url) => url.replace(fits, (from) => places.get(from) ?? from)
}

type Json = Readonly<Record<string, unknown>>

const renamed = (suffix: string, to: string) => (operation: unknown): unknown =>
  Predicate.isObject(operation)
    ? {
      ...operation,
      operationId: `${(operation as Json)["operationId"]}${suffix}`,
      description: `${(operation as Json)["description"]} The same as under \`${to}\`.`
    }
    : operation

/** Puts the other paths into the document. */
export const describeAliases = (aliases: ReadonlyArray<PathAlias>) => (document: Json): Json => {
  const paths = Object.entries(Object(document["paths"]) as Json)
  const added = aliases.flatMap(({ from, suffix, to }) =>
    paths.filter(([path]) => isBelow(path, openApiPath(to))).map(([path, methods]) => [
      from + path.slice(to.length),
      Object.fromEntries(Object.entries(Object(methods)).map(([method, each]) => [method, renamed(suffix, to)(each)]))
    ])
  )
  return { ...document, paths: Object.fromEntries([...paths, ...added]) }
}
