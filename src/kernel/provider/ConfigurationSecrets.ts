/** What of a provider's configuration is secret, at any depth: it is masked wherever it turns up. */
import { Predicate, Redacted } from "effect"
import { isMask } from "../../events/redaction/Mask.ts"
import * as Redaction from "../../events/redaction/Redaction.ts"
import { isSecretHeader, isSecretValue } from "../../events/redaction/RedactionNames.ts"
import { takenFields } from "./FieldPrompt.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"

export type Secret = Redacted.Redacted<unknown>

export type Planned = Pick<PlannedProvider, "written" | "config" | "definition" | "upstream" | "idle">

/** The upstream a configuration names, whether it is started or not. */
export const upstreamOf = ({ idle, upstream }: Planned): Planned | undefined => upstream ?? idle

const membersOf = (value: unknown): ReadonlyArray<unknown> => {
  if (!Predicate.isObjectOrArray(value)) return []
  if (value instanceof Map) return [...value].flat()
  return value instanceof Set ? [...value] : Object.values(value)
}

/** The secrets of a decoded value. */
export const secretsIn = (value: unknown, visited = new Set<unknown>()): ReadonlyArray<Secret> => {
  if (Redacted.isRedacted(value)) return [value]
  if (visited.has(value)) return []
  if (Predicate.isObjectOrArray(value)) visited.add(value)
  return membersOf(value).flatMap((each) => secretsIn(each, visited))
}

/** The texts of what is secret as a whole. */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return textsOf(Redacted.value(value))
  if (typeof value === "string") return value === "" || isMask(value) ? [] : [value]
  return typeof value === "number" || typeof value === "bigint" ? [String(value)] : membersOf(value).flatMap(textsOf)
}

/** `Bearer abc` is told by `abc` alone, too. */
const headerTexts = (value: unknown): ReadonlyArray<string> =>
  textsOf(value).flatMap((text) => [text, ...text.split(/^\w+ (?=\S+$)/).slice(1)])

/** What the names of a mapping say. In one of headers they alone tell; elsewhere `auth: bearer` is no secret. */
const namedIn = (written: unknown, isHeaders = false): ReadonlyArray<string> =>
  Predicate.isObject(written)
    ? Object.entries(written).flatMap(([name, value]) => {
      if (isHeaders && isSecretHeader(name)) return headerTexts(value)
      if (!isHeaders && Redaction.isSecretName(name) && typeof value === "string" && isSecretValue(value)) {
        return [value]
      }
      return namedIn(value, Redaction.isHeaders(name))
    })
    : membersOf(written).flatMap((each) => namedIn(each))

/** The fields that are declared secret, `Redacted` or not. */
export const secretFields = ({ definition }: Planned): ReadonlySet<string> =>
  new Set(takenFields(definition).filter(({ field_type }) => field_type === "secret").map(({ id }) => id))

const declared = (planned: Planned): ReadonlyArray<string> => {
  const fields = secretFields(planned)
  return Predicate.isObject(planned.config)
    ? Object.entries(planned.config).flatMap(([name, value]) => fields.has(name) ? textsOf(value) : [])
    : []
}

/** All that nobody may see of an instance's configuration, its upstreams' too. */
export const secretsOf = (planned: Planned): ReadonlyArray<string> => {
  const upstream = upstreamOf(planned)
  return [
    ...secretsIn(planned.config).flatMap(textsOf),
    ...declared(planned),
    ...namedIn(planned.written),
    ...upstream === undefined ? [] : secretsOf(upstream)
  ]
}
