/** Nothing that a client or a vendor says reaches what all objects share: looked at behind each file of tests. */
import { afterAll, assert } from "@effect/vitest"

const shared = { Object, Array, Function, String, Number, Promise, Map, Set }

/** What they have besides what the language gives them, as `Object.type`; taken away again, so that one file alone fails. */
export const added = (): ReadonlyArray<string> =>
  Object.entries(shared).flatMap(([owner, { prototype }]) =>
    Object.keys(prototype).map((name) => {
      Reflect.deleteProperty(prototype, name)
      return `${owner}.${name}`
    })
  )

afterAll(() => assert.deepStrictEqual(added(), []))
