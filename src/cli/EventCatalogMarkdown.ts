/** The event catalog as a page for people. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { EventCatalogDocument } from "../apis/events/EventsModels.ts"
import { field, textOrNull } from "../events/types/JsonAccess.ts"

type Event = EventCatalogDocument["events"][number]

const anchor = (type: string): string => type.replaceAll(":", "").toLowerCase()

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")

/** What a value may be, in a few words. */
const typeOf = (schema: unknown): string => {
  const reference = textOrNull(field(schema, "$ref"))
  if (reference !== null) return reference.slice(reference.lastIndexOf("/") + 1)
  const choices = field(schema, "anyOf") ?? field(schema, "oneOf")
  if (Array.isArray(choices)) return [...new Set(choices.map(typeOf))].join(" or ")
  const values = field(schema, "enum")
  if (Array.isArray(values)) return values.map((value) => `\`${JSON.stringify(value)}\``).join(" or ")
  const type = textOrNull(field(schema, "type"))
  if (type === "array" && field(schema, "items") !== undefined) return `array of ${typeOf(field(schema, "items"))}`
  return type ?? "any JSON"
}

/** A table for an object; the JSON Schema for what is more than that. */
const payload = (schema: Schema.JsonObject): string => {
  const properties = field(schema, "properties")
  if (!Predicate.isObject(properties)) return `\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\``
  const required = field(schema, "required")
  return table(
    ["field", "type", "required", "description"],
    Object.entries(properties).map(([name, each]) => [
      `\`${name}\``,
      typeOf(each),
      Array.isArray(required) && required.includes(name) ? "yes" : "no",
      textOrNull(field(each, "description")) ?? ""
    ])
  )
}

const section = (event: Event): string =>
  [
    `## ${event.type}`,
    event.description,
    `Level ${event.level}, ${event.durability}, version ${event.version}` +
    `${event.version > 1 ? ` (reads ${event.readable_versions.join(", ")})` : ""}.` +
    (event.volatile.length === 0
      ? ""
      : ` May differ in a replay: ${event.volatile.map((name) => `\`${name}\``).join(", ")}.`),
    payload(event.payload)
  ].join("\n\n")

export const text = ({ $defs, events, strata }: EventCatalogDocument): string =>
  [
    `# Events of Strata ${strata}`,
    table(
      ["event", "level", "durability", "version", "description"],
      events.map(({ description, durability, level, type, version }) => [
        `[${type}](#${anchor(type)})`,
        level,
        durability,
        String(version),
        description
      ])
    ),
    ...events.map(section),
    ...Object.entries($defs).map(([name, schema]) => `## ${name}\n\n${payload(schema)}`)
  ].join("\n\n")
