/** `observability.events`: definitions of events that others than Strata record, so that the catalog tells them too. */
import { Predicate, Schema } from "effect"
import type { Definition } from "../../events/types/Event.ts"
import * as Channel from "./Channel.ts"

const isDefinition = (value: unknown): value is Definition =>
  Predicate.isObject(value) && "type" in value && Predicate.isString(value.type) &&
  "volatile" in value && Array.isArray(value.volatile) && "payload" in value && Schema.isSchema(value.payload)

const expected = "an event, as Event.define makes it"

/** Finds an event of Strata by its type. */
type Find = (type: string) => Definition | undefined

/** What has not been read yet when a provider starts can't be lifted, and a replay compares every field. */
const unusable = (find: Find) => ({ type, version, volatile }: Definition): string | undefined => {
  if (find(type) !== undefined) return `${type} is an event of Strata: choose another type`
  if (version !== 1) return `${type} must be at version 1: contributed events have no upcasters`
  return volatile.length > 0 ? `${type} must have no volatile fields: a replay of it could not tell them` : undefined
}

/** Why a value can't stand in the catalog; undefined: it can. */
export const issueOf = (find: Find, value: unknown): string | undefined =>
  isDefinition(value) ? unusable(find)(value) : `expected ${expected}`

/** `find`: the events that are taken. */
export const channel = (find: Find) =>
  Channel.make(
    "observability.events",
    Schema.Array(Schema.declare(isDefinition, { expected }).check(Schema.makeFilter(unusable(find))))
  )
