/** Which methods of a client's resources a test has called: none that a new version brings is forgotten. */
type Method = (this: unknown, ...given: Array<unknown>) => unknown

const methodsOf = (resource: object): ReadonlyArray<readonly [string, Method]> => {
  const prototype: object = Object.getPrototypeOf(resource)
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
    name !== "constructor" && !name.startsWith("_") && typeof value === "function"
      ? [[name, value as Method] as const]
      : []
  )
}

/** `resources`: by the names that are told of them. Gives what has not been called yet. */
export const watch = (resources: Readonly<Record<string, object>>): () => ReadonlyArray<string> => {
  const uncalled = new Set<string>()
  for (const [path, resource] of Object.entries(resources)) {
    for (const [name, method] of methodsOf(resource)) {
      uncalled.add(`${path}.${name}`)
      Object.defineProperty(resource, name, {
        value: (...given: Array<unknown>) => {
          uncalled.delete(`${path}.${name}`)
          return method.apply(resource, given)
        }
      })
    }
  }
  return () => [...uncalled]
}
