/** A provider's configuration as it may be shown and stored: as it was written, without its secrets. */
import { Predicate, Record, Redacted } from "effect"
import type { Schema } from "effect"
import * as Redaction from "../../events/redaction/Redaction.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import { Secrets } from "../../events/redaction/Secrets.ts"
import type { Planned, Secret } from "./ConfigurationSecrets.ts"
import { secretFields, secretsIn, secretsOf, textsOf, upstreamOf } from "./ConfigurationSecrets.ts"

const at = (value: unknown, key: PropertyKey): unknown => Predicate.hasProperty(value, key) ? value[key] : undefined

const hidden = (written: Schema.Json): Schema.Json => written === "" || written === null ? written : Redaction.mask

/** Side by side: what is a secret there is masked here, and said to have been found. */
const cover = (written: Schema.Json, decoded: unknown, masked: Set<Secret>): Schema.Json => {
  if (Redacted.isRedacted(decoded)) {
    masked.add(decoded)
    return hidden(written)
  }
  if (Array.isArray(written)) return written.map((each, index) => cover(each, at(decoded, index), masked))
  if (!Predicate.isObject(written)) return written
  return Record.map(written as Schema.JsonObject, (each, name) => cover(each, at(decoded, name), masked))
}

const mapScalars = (value: Schema.Json, map: (scalar: Schema.Json) => Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map((each) => mapScalars(each, map))
  if (!Predicate.isObject(value)) return map(value)
  return Record.map(value as Schema.JsonObject, (each) => mapScalars(each, map))
}

const without = (planned: Planned, secrets: Secrets): Schema.Json => {
  const inPlace = new Set<Secret>()
  const covered = cover(planned.written, planned.config, inPlace)
  // Decoding may put a secret elsewhere.
  const moved = new Set(secretsIn(planned.config).filter((each) => !inPlace.has(each)).flatMap(textsOf))
  const scrubbed = mapScalars(covered, (scalar) => {
    if (moved.has(String(scalar))) return hidden(scalar)
    return typeof scalar === "string" ? Redaction.passwords(secrets.mask(scalar)) : scalar
  })
  if (!Predicate.isObject(scrubbed)) return scrubbed
  const [fields, upstream] = [secretFields(planned), upstreamOf(planned)]
  return Record.map(scrubbed as Schema.JsonObject, (value, name) => {
    if (fields.has(name)) return hidden(value)
    if (name !== "upstream" || upstream === undefined || !Predicate.isObject(value)) return value
    return { ...value as Schema.JsonObject, config: without(upstream, secrets) }
  })
}

/** A JSON value as this redactor leaves it. */
export const redacted = <A extends Schema.Json>(redactor: Redactor, value: A): A =>
  JSON.parse(redactor.text(JSON.stringify(value)))

export const maskedConfiguration = (planned: Planned): Schema.Json => {
  const secrets = new Secrets()
  for (const secret of secretsOf(planned)) secrets.add(secret)
  return redacted(new Redactor(), Redaction.json(without(planned, secrets)) as Schema.Json)
}
