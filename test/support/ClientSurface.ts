// @effect-diagnostics asyncFunction:off
/** The HTTP requests that a client of others can make: every method of each of its resources, called with sample arguments. */
import { Predicate } from "effect"

export interface ClientMethod {
  /** `files.content` */
  readonly name: string
  /** `GET /v1/files/sample/content` */
  readonly requests: ReadonlyArray<string>
}

/** In place of the client's `fetch`. */
export type Fetch = (url: unknown, init?: { readonly method?: string }) => Promise<never>

const sample = "sample"

/** The names that a method takes out of its parameters: they stand in the path. */
const parametersOf = (method: object): Readonly<Record<string, string>> => {
  const taken = [...String(method).matchAll(/\{([^{}]*)\}\s*=\s*\w+/g)].flatMap(([, names = ""]) => names.split(","))
  const names = taken.map((each) => each.trim().split(/[ :=]/)[0] ?? "").filter((name) => /^\w+$/.test(name))
  return Object.fromEntries(names.map((name) => [name, sample]))
}

/** Ids first, then parameters; a client that writes an object into the path is not meant to get one there. */
const argumentsFor = (method: object): ReadonlyArray<ReadonlyArray<unknown>> => {
  const parameters = { ...parametersOf(method), messages: [], tools: [], model: sample, betas: undefined }
  return [[sample, parameters], [parameters], [sample, sample, parameters], [sample, sample, sample, parameters]]
}

const isSound = (path: string): boolean => !/undefined|object/i.test(path)

const isResource = (value: unknown): value is object => Predicate.isObject(value) && "_client" in value

/** The methods of a value, its prototypes' too. */
const methodsOf = (
  resource: object
): ReadonlyArray<readonly [string, (...values: ReadonlyArray<unknown>) => unknown]> => {
  const prototype: unknown = Object.getPrototypeOf(resource)
  if (!Predicate.isObject(prototype) || prototype === Object.prototype) return []
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
    Predicate.isFunction(value) && name !== "constructor" && !name.startsWith("_") ? [[name, value] as const] : []
  )
  return [...own, ...methodsOf(prototype)]
}

const resourcesOf = (parent: object, name: string): ReadonlyArray<readonly [string, object]> =>
  Object.entries(parent).flatMap(([key, value]) => {
    const path = name === "" ? key : `${name}.${key}`
    return key !== "_client" && isResource(value) ? [[path, value] as const, ...resourcesOf(value, path)] : []
  })

const settled = async (value: unknown): Promise<void> => {
  try {
    await value
    // A helper asks in the background until it is read.
    const done: unknown = Predicate.hasProperty(value, "done") ? value.done : undefined
    if (Predicate.isFunction(done)) await done.call(value)
  } catch {
    // Nobody answers: what it has asked for is observed.
  }
}

/** `make`: the client, with the `fetch` that it is to ask by. */
export const methods = async (make: (fetch: Fetch) => object): Promise<ReadonlyArray<ClientMethod>> => {
  const requests: Array<string> = []
  const client = make((url, init) => {
    requests.push(`${init?.method?.toUpperCase() ?? "GET"} ${new URL(String(url)).pathname}`)
    return Promise.reject(new Error("nobody answers"))
  })
  const found: Array<ClientMethod> = []
  for (const [resource, value] of resourcesOf(client, "")) {
    for (const [name, method] of methodsOf(value)) {
      for (const values of argumentsFor(method)) {
        try {
          await settled(method.apply(value, [...values]))
        } catch {
          // It takes other arguments.
        }
      }
      found.push({ name: `${resource}.${name}`, requests: [...new Set(requests.splice(0).filter(isSound))] })
    }
  }
  return found
}
