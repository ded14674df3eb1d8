/** Finds the operation a request is for, before it is routed: for the recorder, and to tell 405 from 404. */
import { FindMyWay } from "effect/http"
import type { HttpServerRequest } from "effect/http"
import { decoded } from "../events/redaction/Redaction.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import { isDocument } from "./Documents.ts"

export interface Match {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | ReadonlyArray<string>>>
}

const present = <A>(record: Readonly<Record<string, A | undefined>>): Record<string, A> => {
  const output: Record<string, A> = {}
  for (const name in record) if (record[name] !== undefined) output[name] = record[name]
  return output
}

export interface OperationFinder {
  /** A HEAD is answered as its GET. */
  readonly find: (method: string, url: string) => Match | undefined
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
    find: (method, url) => {
      const found = router.find(method === "HEAD" ? "GET" : method, url)
      if (found === undefined) return undefined
      return { operation: found.handler, params: present(found.params), query: found.searchParams }
    },
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
