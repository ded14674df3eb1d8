/** The catalog as a document: every event with the JSON Schema of its payload, for programs that read the log. */
import { JsonSchema, Schema, SchemaRepresentation } from "effect"
import { Envelope } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { version } from "../../kernel/http/Version.ts"
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

const documents = new WeakMap<ReadonlyArray<Definition>, EventCatalogDocument>()

/** The document of these definitions, made when it is first asked for. */
export const document = (definitions: ReadonlyArray<Definition>): EventCatalogDocument => {
  let made = documents.get(definitions)
  if (made === undefined) documents.set(definitions, made = make(definitions))
  return made
}

/** The same with what others contribute; of two definitions of one type the first counts. */
export const withContributed = (
  definitions: ReadonlyArray<Definition>,
  contributed: ReadonlyArray<ReadonlyArray<Definition>>
): EventCatalogDocument => {
  const others = contributed.flat()
  if (others.length === 0) return document(definitions)
  const byType = new Map([...definitions, ...others].toReversed().map((each) => [each.type, each]))
  return make([...byType.values()])
}
