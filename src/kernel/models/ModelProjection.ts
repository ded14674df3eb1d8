/** The models there are, as a table. */
import * as ModelEvents from "../../events/ModelEvents.ts"
import * as Projection from "../../events/Projection.ts"
import type { Entry } from "./ModelTable.ts"
import * as ModelTable from "./ModelTable.ts"

export const ModelProjection = Projection.make<Entry>({
  name: "models",
  version: 1,
  description: "The models that can be asked for: the routing table of inference.",
  events: [ModelEvents.Registered, ModelEvents.Unregistered],
  document: ModelEvents.Registered.payload,
  key: ModelTable.keyOf,
  evolve: (_, event) => ModelTable.registrationOf(event)
})
