/** A kind of resource: its events, its table, and how one is written into the other. */
import { Schema, Struct } from "effect"
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { ownerColumns } from "../access/AccessFilter.ts"
import type { ResourceType } from "../access/AccessResource.ts"
import type { Resource } from "./Resource.ts"
import type { ResourceSource } from "./ResourceEvents.ts"

/** A registration as events and the table hold it. */
type Document = Schema.JsonObject

export interface ResourceKind<Attributes> {
  /** Its name in rules of access, events and errors. */
  readonly type: ResourceType
  /** The stream of its registry. */
  readonly stream: string
  readonly registered: Definition
  readonly unregistered: Definition
  /** Its table, where it is kept with the log; it can be searched by owner and provider. */
  readonly projection: Projection.Projection<Document>
  readonly toPayload: (resource: Resource<Attributes>) => Document
  readonly ofPayload: (payload: Schema.Json) => Resource<Attributes>
  readonly unregistration: (identifier: string) => Document
  /** Fields that say which resource it is: they stay as they are, whatever they look like. */
  readonly identity: ReadonlyArray<string>
  /** The identifier a payload of either event is about. */
  readonly identifierOf: (payload: Schema.Json) => string
  /** The identifier an event is about. */
  readonly keyOf: (event: RecordedEvent) => string
  /** What an event says of its resource; undefined: it is gone. */
  readonly registrationOf: (event: RecordedEvent) => Resource<Attributes> | undefined
}

// oxlint-disable-next-line typescript/no-explicit-any -- a list of kinds with attributes of any form
export type AnyResourceKind = ResourceKind<any>

export interface Options<Attributes> {
  /** As `ResourceEvents.define` makes them. Rules name a type that is not among Strata's own by `regex:` alone. */
  readonly events: {
    readonly type: ResourceType | (string & {})
    readonly stream: string
    readonly fields: { readonly Type: Attributes }
    readonly registered: Definition
    readonly unregistered: Definition
  }
  /** Of the projection: raised when the documents change. */
  readonly version?: number
  readonly description: string
}

const ownerOf = (document: Document): Principal | null => (document["owner"] ?? null) as Principal | null

export const make = <Attributes>(
  { description, events, version = 2 }: Options<Attributes>
): ResourceKind<Attributes> => {
  const { registered, stream, unregistered } = events
  const type = events.type as ResourceType
  const [idKey, providerIdKey] = [`${type}_id`, `provider_${type}_id`]
  const document = registered.payload as Schema.Top as Schema.Codec<Document>
  const decode = Schema.decodeUnknownSync(document)
  const identifierOf = (payload: Schema.Json) => String((payload as Document)[idKey])
  const keyOf = (event: RecordedEvent) => identifierOf(payloadOf(event))

  const ofPayload = (payload: Schema.Json): Resource<Attributes> => {
    const decoded = decode(payload)
    return {
      identifier: decoded[idKey] as string,
      provider_id: decoded["provider_id"] as string,
      provider_resource_id: decoded[providerIdKey] as string,
      source: decoded["source"] as ResourceSource,
      owner: ownerOf(decoded),
      attributes: Struct.omit(decoded, [idKey, providerIdKey, "provider_id", "source", "owner"]) as Attributes
    }
  }

  const toPayload = (resource: Resource<Attributes>): Document => ({
    [idKey]: resource.identifier,
    provider_id: resource.provider_id,
    [providerIdKey]: resource.provider_resource_id,
    source: resource.source,
    ...resource.owner === null ? {} : { owner: { ...resource.owner } },
    ...resource.attributes
  })

  return {
    type,
    stream,
    registered,
    unregistered,
    toPayload,
    ofPayload,
    unregistration: (identifier) => ({ [idKey]: identifier }),
    identity: [idKey, providerIdKey, "provider_id", "source", "owner"],
    identifierOf,
    keyOf,
    registrationOf: (event) => event.type === registered.type ? ofPayload(payloadOf(event)) : undefined,
    projection: Projection.make<Document>({
      name: stream,
      version,
      description,
      events: [registered, unregistered],
      streams: (each) => each === stream,
      document,
      key: keyOf,
      evolve: (_, event) => event.type === registered.type ? decode(payloadOf(event)) : undefined,
      index: {
        provider_id: (document) => document["provider_id"] as string,
        owner: (document) => ownerColumns.owner(ownerOf(document)),
        owner_attributes: (document) => ownerColumns.owner_attributes(ownerOf(document))
      }
    })
  }
}
