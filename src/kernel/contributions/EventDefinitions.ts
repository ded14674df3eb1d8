/** `observability.events`: definitions of events that others than Strata record, so that the catalog tells them too. */
import { Predicate, Schema } from "effect"
import type { Definition } from "../../events/Event.ts"
import * as EventCatalog from "../EventCatalog.ts"
import * as Channel from "./Channel.ts"

const isDefinition = (value: unknown): value is Definition =>
  Predicate.isObject(value) && "type" in value && "payload" in value && "volatile" in value &&
  Schema.isSchema(value.payload)

/** What has not been read yet when a provider starts can't be lifted, and a replay compares every field. */
const usable = Schema.makeFilter(({ type, version, volatile }: Definition) => {
  if (EventCatalog.find(type) !== undefined) return `${type} is an event of Strata: choose another type`
  if (version !== 1) return `${type} must be at version 1: contributed events have no upcasters`
  return volatile.length > 0 ? `${type} must have no volatile fields: a replay of it could not tell them` : undefined
})

const EventDefinition = Schema.declare(isDefinition, { expected: "an event, as Event.define makes it" }).check(usable)

export const channel = Channel.make("observability.events", Schema.Array(EventDefinition))
