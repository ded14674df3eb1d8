/** Resources as the log stores them: what is a secret in their attributes is masked before anything is decided. */
import { Effect } from "effect"
import { Redactor } from "../../events/redaction/Redactor.ts"

/** All at once: most lists hold no secret, and are given back as they are. */
export const of = <A, R extends { readonly attributes: A }>(
  resources: ReadonlyArray<R>
): Effect.Effect<ReadonlyArray<R>> =>
  Effect.map(Redactor.configured, (redactor) => {
    const text = JSON.stringify(resources.map(({ attributes }) => attributes))
    const masked = redactor.text(text)
    if (masked === text) return resources
    const all: ReadonlyArray<A> = JSON.parse(masked)
    return resources.map((resource, index) => ({ ...resource, attributes: all[index]! }))
  })

export const one = <A, R extends { readonly attributes: A }>(resource: R): Effect.Effect<R> =>
  Effect.map(of<A, R>([resource]), ([stored]) => stored!)
