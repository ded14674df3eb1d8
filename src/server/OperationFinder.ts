/** What the router does not tell of a path: the methods it has, and parameters that may hold slashes. */
import { FindMyWay } from "effect/http"
import type { HttpServerRequest } from "effect/http"
import { decoded } from "../events/redaction/Redaction.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import type { PathAlias } from "../kernel/http/PathAliases.ts"
import * as PathAliases from "../kernel/http/PathAliases.ts"
import { isDocument } from "./Documents.ts"
import type { Match } from "./RequestContext.ts"

export interface OperationFinder {
  /** The methods a path has. */
  readonly allowedMethods: (url: string) => ReadonlyArray<string>
  /** Fits the URLs that the router does not have as they are: by another path, or with slashes in a last parameter. */
  readonly isIrregular: RegExp
  /** As the router has it: by its own path, such slashes encoded. */
  readonly normalize: (request: HttpServerRequest.HttpServerRequest) => HttpServerRequest.HttpServerRequest
}

/** The path as its operation has it, its parameters decoded: one for all ways to write it. Without query. */
export const pathOf = ({ url }: HttpServerRequest.HttpServerRequest, match: Match | undefined): string =>
  match === undefined
    ? decoded(url.split("?")[0] ?? url)
    : match.operation.path.replaceAll(/:(\w+)/g, (_, name: string) => match.params[name] ?? "")

const routerOf = (operations: ReadonlyArray<Operation>): FindMyWay.Router<Operation> => {
  const router = FindMyWay.make<Operation>()
  for (const operation of operations) router.on(operation.method, operation.path as `/${string}`, operation)
  return router
}

export const make = (
  operations: ReadonlyArray<Operation>,
  aliases: ReadonlyArray<PathAlias> = []
): OperationFinder => {
  /** Asked for where the router knows no operation: made then. */
  let router: FindMyWay.Router<Operation> | undefined
  const methods = [...new Set(operations.map(({ method }) => method))]
  const prefixes = operations
    .filter(({ slashesInLastParameter }) => slashesInLastParameter)
    .map(({ path }) => path.slice(0, path.lastIndexOf("/") + 1).replaceAll(/[^\w/]/g, "\\$&"))
  const rewrite = PathAliases.rewriter(aliases)
  const slashes = prefixes.length === 0 ? /(?!)/ : new RegExp(`^(${prefixes.join("|")})([^?/]*/[^?]*)`)

  return {
    allowedMethods: (url) => {
      if (isDocument(url)) return ["GET"]
      const paths = router ??= routerOf(operations)
      return methods.filter((method) => paths.find(method, rewrite(url)) !== undefined)
    },
    isIrregular: new RegExp(`${slashes.source}|${PathAliases.pattern(aliases).source}`),
    normalize: (request) =>
      request.modify({
        url: rewrite(request.url).replace(slashes, (_, prefix: string, last: string) =>
          prefix + last.replaceAll("/", "%2F"))
      })
  }
}
