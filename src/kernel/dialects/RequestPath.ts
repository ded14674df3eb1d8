/** Where in a request a value stands. */
import { isDeepStrictEqual } from "node:util"
import { isFields } from "../../events/types/JsonAccess.ts"

const below = (value: unknown, wanted: unknown, path: string): string | undefined => {
  if (isDeepStrictEqual(value, wanted)) return path
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) {
      const place = below(each, wanted, `${path}[${at}]`)
      if (place !== undefined) return place
    }
  } else if (isFields(value)) {
    for (const [name, each] of Object.entries(value)) {
      const place = below(each, wanted, path === "" ? name : `${path}.${name}`)
      if (place !== undefined) return place
    }
  }
  return undefined
}

/** As `messages[0].content[1]`; undefined where it is nowhere. */
export const to = (body: unknown, wanted: unknown): string | undefined => below(body, wanted, "")
