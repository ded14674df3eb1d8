/** What the router does not tell of a path: the methods it has, and parameters that may hold slashes. */
import { FindMyWay } from "effect/http"
import type { HttpServerRequest } from "effect/http"
import { decoded } from "../events/redaction/Redaction.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import { isDocument } from "./Documents.ts"
import type { Match } from "./RequestContext.ts"

export interface OperationFinder {
  /** The methods a path has. */
  readonly allowedMethods: (url: string) => ReadonlyArray<string>
  /** Encodes the slashes of a last parameter that may have them, so that the router takes it whole. */
  readonly normalize: (request: HttpServerRequest.HttpServerRequest) => HttpServerRequest.HttpServerRequest
}

/** The path as its operation has it, its parameters decoded: one for all ways to write it. Without query. */
export const pathOf = ({ url }: HttpServerRequest.HttpServerRequest, match: Match | undefined): string =>
  match === undefined
    ? decoded(url.split("?")[0] ?? url)
    : match.operation.path.replaceAll(/:(\w+)/g, (_, name: string) => match.params[name] ?? "")

export const make = (operations: ReadonlyArray<Operation>): OperationFinder => {
  const router = FindMyWay.make<Operation>()
  for (const operation of operations) router.on(operation.method, operation.path as `/${string}`, operation)
  const methods = [...new Set(operations.map(({ method }) => method))]
  const greedyPrefixes = operations
    .filter(({ slashesInLastParameter }) => slashesInLastParameter)
    .map(({ path }) => path.slice(0, path.lastIndexOf("/") + 1))

  return {
    allowedMethods: (url) =>
      isDocument(url) ? ["GET"] : methods.filter((method) => router.find(method, url) !== undefined),
    normalize: (request) => {
      const prefix = greedyPrefixes.find((each) => request.url.startsWith(each))
      if (prefix === undefined) return request
      const [path = "", ...query] = request.url.slice(prefix.length).split("?")
      if (!path.includes("/")) return request
      return request.modify({ url: [prefix + path.replaceAll("/", "%2F"), ...query].join("?") })
    }
  }
}
