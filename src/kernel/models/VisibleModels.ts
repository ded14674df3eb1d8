/** The registry of models as the principal of the moment may see it: what is hidden is not there. */
import { Effect } from "effect"
import { AccessControl } from "../access/AccessControl.ts"
import * as AccessFilter from "../access/AccessFilter.ts"
import type { AccessResource } from "../access/AccessResource.ts"
import { ModelRegistry, notFound } from "./ModelRegistry.ts"
import type { ModelTable } from "./ModelTable.ts"

/** Models come from vendors and the configuration: they are nobody's. */
const resourceOf = (id: string): AccessResource => ({ type: "model", id, owner: null })

export const make = Effect.gen(function*() {
  const registry = yield* ModelRegistry
  const access = yield* AccessControl

  const table: Effect.Effect<ModelTable> = Effect.gen(function*() {
    const [all, filter] = [yield* registry.table, yield* access.filter("read", "model")]
    return filter._tag === "All"
      ? all
      : new Map([...all].filter(([id]) => AccessFilter.permits(filter, resourceOf(id))))
  })

  /** Also what a hidden model is like is not told: the hint names visible ones. */
  const hidden = (id: string) => Effect.flatMap(table, (visible) => Effect.fail(notFound(visible, id)))

  const find = Effect.fnUntraced(function*(id: string) {
    const found = yield* Effect.catchTag(registry.find(id), "ModelNotFound", () => hidden(id))
    yield* Effect.catch(access.see(resourceOf(found.model_id), () => "hidden" as const), () => hidden(id))
    return found
  })

  return ModelRegistry.of({ table, find })
})
