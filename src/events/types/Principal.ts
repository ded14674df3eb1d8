/** Who asks, as authentication found out: it stands in every event of a request. */
import { Context, Schema } from "effect"

export const PrincipalAttributes = Schema.Record(Schema.String, Schema.Array(Schema.String)).annotate({
  description: "What rules may ask about: `roles`, `teams`, `projects` …, each with its values."
})
export type PrincipalAttributes = typeof PrincipalAttributes.Type

export const Principal = Schema.Struct({
  id: Schema.NonEmptyString.annotate({ description: "The name rules and events use." }),
  attributes: PrincipalAttributes
}).annotate({ identifier: "Principal", description: "Who asked, or who owns a resource." })
export type Principal = typeof Principal.Type

/** The values of an attribute; names may be anything, also those every object has. */
export const valuesOf = (attributes: PrincipalAttributes, name: string): ReadonlyArray<string> =>
  Object.hasOwn(attributes, name) ? attributes[name]! : []

/** Whom a fiber works for; null: nobody is known, as in every server without authentication. */
export const CurrentPrincipal = Context.Reference<Principal | null>("strata/events/types/Principal/CurrentPrincipal", {
  defaultValue: () => null
})

/** The principal of two columns: its name, and its attributes as JSON. */
export const ofColumns = (id: unknown, attributes: unknown): Principal | null =>
  typeof id === "string" ? { id, attributes: JSON.parse(String(attributes)) as PrincipalAttributes } : null

/** The same two columns. */
export const toColumns = (principal: Principal | null): readonly [id: string | null, attributes: string | null] =>
  principal === null ? [null, null] : [principal.id, JSON.stringify(principal.attributes)]
