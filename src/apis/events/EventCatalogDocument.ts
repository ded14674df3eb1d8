/** The catalog as a document: every event with the JSON Schema of its payload, for programs that read the log. */
import { JsonSchema, Schema, SchemaRepresentation } from "effect"
import { Envelope } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import type { Operation } from "../../kernel/http/Operations.ts"
import { version } from "../../kernel/http/Version.ts"
import * as EventCatalog from "../../kernel/modules/EventCatalog.ts"
import * as ApiEvents from "../../kernel/requests/ApiEvents.ts"
import type { EventCatalogDocument } from "./EventsModels.ts"

const asJson = (schema: Schema.Top) => Schema.toCodecJson(schema).ast

const byType = (left: Definition, right: Definition) => left.type < right.type ? -1 : 1

/** Deterministic: the same definitions give the same document. */
export const make = (
  definitions: ReadonlyArray<Definition>,
  options: Pick<Schema.ToJsonSchemaOptions, "onExcessProperty"> = {}
): EventCatalogDocument => {
  const sorted = [...definitions].sort(byType)
  const { definitions: shared, schemas } = SchemaRepresentation.toJsonSchemaMultiDocument(
    SchemaRepresentation.toRepresentations([
      asJson(Envelope),
      ...sorted.map(({ payload }) => asJson(payload))
    ]),
    options
  )
  const [envelope, ...payloads] = schemas as ReadonlyArray<Schema.JsonObject>
  return {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_2020_12,
    strata: version,
    envelope: envelope ?? {},
    events: sorted.map(({ description, durability, level, type, version, volatile }, index) => ({
      type,
      level,
      durability,
      version,
      readable_versions: Array.from({ length: version }, (_, index) => index + 1),
      description,
      volatile,
      payload: payloads[index] ?? {}
    })),
    $defs: Object.fromEntries(
      Object.entries(shared as Readonly<Record<string, Schema.JsonObject>>).sort(([left], [right]) =>
        left < right ? -1 : 1
      )
    )
  }
}

let cached: EventCatalogDocument | undefined

/** The document of this Strata's events, made when it is first asked for. */
export const document = (): EventCatalogDocument => cached ??= make(EventCatalog.definitions)

/**
 * The same with what others contribute, and with the operations of APIs from outside; of two definitions of one type the
 * first counts.
 */
export const withContributed = (
  contributed: ReadonlyArray<ReadonlyArray<Definition>>,
  operations: ReadonlyArray<Operation> = []
): EventCatalogDocument => {
  if (contributed.flat().length + operations.length === 0) return document()
  const exact = operations.length === 0 ? [] : ApiEvents.withOperations(operations)
  const byType = new Map(
    [...exact, ...EventCatalog.definitions, ...contributed.flat()].toReversed().map((each) => [each.type, each])
  )
  return make([...byType.values()])
}
