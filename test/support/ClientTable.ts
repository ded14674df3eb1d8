/** `test/apis/clients.json`: of each test file, the operations that clients of others have asked a Strata for in it. */
import { readFileSync } from "node:fs"
import { apis } from "../../src/apis/Apis.ts"
import type { Operation } from "../../src/kernel/http/Operations.ts"
import { openApiPath } from "../../src/kernel/http/Operations.ts"
import { aliased, aliasesOf } from "../../src/kernel/http/PathAliases.ts"
import * as StrataApi from "../../src/kernel/http/StrataApi.ts"
import type { ClientCall } from "./ClientCalls.ts"

/** Operations as `GET /v1/models/{model_id}`, by client. */
export type Clients = Readonly<Record<string, ReadonlyArray<string>>>

export const place = new URL("../apis/clients.json", import.meta.url)

export const listed = (): Readonly<Record<string, Clients>> => JSON.parse(readFileSync(place, "utf8"))

const aliases = aliasesOf(StrataApi.make(apis.own.map(({ routes }) => routes as never)))

/** All that is served, with the paths of others. */
export const served: ReadonlyArray<Operation> = [...apis.operations, ...aliased(apis.operations, aliases)]

export const nameOf = ({ method, path }: Pick<Operation, "method" | "path">): string => `${method} ${openApiPath(path)}`

const patternOf = ({ path, slashesInLastParameter }: Operation): RegExp => {
  const source = path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")
  return new RegExp(`^${slashesInLastParameter ? source.replace(/\[\^\/\]\+$/, ".+") : source}$`)
}

const parameters = ({ path }: Operation): number => path.split(":").length

/** Where two fit, the one with fewer parameters comes first, as in the router. */
const patterns = served.toSorted((one, other) => parameters(one) - parameters(other))
  .map((operation) => ({ method: operation.method, name: nameOf(operation), pattern: patternOf(operation) }))

/** The operation that a request asks for; undefined: it is not served. */
export const operationAt = (method: string, path: string): string | undefined => {
  const [pathname = ""] = path.split("?")
  return patterns.find((each) => each.method === method && each.pattern.test(pathname))?.name
}

export const operationsIn = (calls: ReadonlyArray<ClientCall>): Clients => {
  const byClient = Object.groupBy(calls, ({ client }) => client)
  const entries = Object.entries(byClient).flatMap(([client, all = []]) => {
    const names = new Set(all.flatMap(({ method, path }) => operationAt(method, path) ?? []))
    return names.size === 0 ? [] : [[client, [...names].sort()] as const]
  })
  return Object.fromEntries(entries.toSorted(([one], [other]) => one < other ? -1 : 1))
}

/** The clients that any test asks with. */
export const clientsIn = (): ReadonlyArray<string> =>
  [...new Set(Object.values(listed()).flatMap((clients) => Object.keys(clients)))].sort()

/** The operations that a client has asked for in any test, each with the files. */
export const filesByOperation = (client: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const files = Object.entries(listed()).flatMap(([file, clients]) =>
    (clients[client] ?? []).map((operation) => ({ file, operation }))
  )
  return new Map([...Map.groupBy(files, ({ operation }) => operation)].map(([operation, all]) => [
    operation,
    all.map(({ file }) => file)
  ]))
}
