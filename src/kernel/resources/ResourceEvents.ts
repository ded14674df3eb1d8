/** The events of a registry of resources: what is registered with which provider. Its table is their fold. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"

export const ResourceSource = Schema.Literals(["configuration", "discovery", "registered_resources", "api"]).annotate({
  description: "Who brought it. configuration: the provider's own configuration lists it; discovery: the provider " +
    "listed it when it was asked; registered_resources: that section of the configuration; api: a client registered it."
})
export type ResourceSource = typeof ResourceSource.Type

/** Of `model`: `model_id` and `provider_model_id`. */
type IdFields<Type extends string> = {
  readonly [K in `${Type}_id` | `provider_${Type}_id`]: typeof Schema.String
}

export interface Options<Type extends string, Fields extends Schema.Struct.Fields> {
  /** `model`, `vector_store` …: begins the events' types and names their ids. */
  readonly type: Type
  /** The stream of the registry, and the name of its table: `models`. */
  readonly stream: string
  /** For people: `A model`. */
  readonly noun: string
  /** What such a resource has beyond ids, source and owner. It is stored as it is: JSON. */
  readonly fields: Fields
}

/** Declares `<type>:registered` and `<type>:unregistered`. */
export const define = <const Type extends string, const Fields extends Schema.Struct.Fields>(
  { fields, noun, stream, type }: Options<Type, Fields>
) => {
  const ids = {
    [`${type}_id`]: Schema.String.annotate({ description: "What clients ask for." }),
    [`provider_${type}_id`]: Schema.String.annotate({ description: "What its provider calls it." })
  } as unknown as IdFields<Type>
  return {
    type,
    stream,
    fields: Schema.Struct(fields),
    registered: Event.define(`${type}:registered`, {
      durability: "state",
      description: `${noun} can be asked for from now on, or is another than before.`,
      payload: Schema.Struct({
        ...ids,
        provider_id: Schema.String,
        source: ResourceSource,
        owner: Schema.optionalKey(Principal).annotate({
          description: "Who registered it, as authentication found out then. Absent: it is nobody's."
        }),
        ...fields
      })
    }),
    unregistered: Event.define(`${type}:unregistered`, {
      durability: "state",
      description: `${noun} is gone: its provider no longer lists it, or who registered it took it back.`,
      payload: Schema.Struct({ [`${type}_id`]: Schema.String } as Pick<IdFields<Type>, `${Type}_id`>)
    })
  }
}
