/**
 * What a client sends for providers with one request: its own keys, in the header `x-strata-provider-data`.
 *
 * The header is a JSON object by provider_id, or by provider_type for all instances of it; the id goes first. What stands
 * there is checked by the Schema of the provider type, which knows what of it is secret. It lives as long as its request.
 */
import { Context, Effect, Layer, Predicate, Redacted, Schema } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import { nearestKey } from "../issues/NearestKey.ts"
import { decodingIssues } from "../issues/SchemaIssues.ts"
import type { PlannedProvider } from "./PlannedProvider.ts"
import { chainOf } from "./PlannedProvider.ts"
import type { AnyDefinition } from "./Provider.ts"

export const header = "x-strata-provider-data"

/** Characters of the header, all of it. */
const longest = 8192

/** A key as a header can carry it. */
export const Key = Schema.RedactedFromValue(
  Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,4096}$/, { expected: "1 to 4096 visible ASCII characters" }))
)

/** Anything, and all of it secret. */
export const Anything = Schema.RedactedFromValue(Schema.JsonObject)

/** By `api/provider_id`, decoded. */
type Given = ReadonlyMap<string, unknown>

export const none: Given = new Map()

/** Of the request a fiber works for. */
export const CurrentProviderData = Context.Reference<Given>("strata/kernel/provider/ProviderData/CurrentProviderData", {
  defaultValue: () => none
})

export interface Instance {
  readonly api: string
  readonly provider_id: string
}

const keyOf = ({ api, provider_id }: Instance) => `${api}/${provider_id}`

/** What the client sent for an instance; `schema` is the `providerData` of its type. */
export const of = <S extends Schema.Top>(_schema: S, instance: Instance): Effect.Effect<S["Type"] | undefined> => {
  const key = keyOf(instance)
  return Effect.withFiber((fiber) => Effect.succeed(fiber.getRef(CurrentProviderData).get(key)))
}

/** The header is not understood. The message never shows a value: it may be a key. */
export class ProviderDataInvalid extends Schema.TaggedError<ProviderDataInvalid>()("ProviderDataInvalid", {
  /** `x-strata-provider-data.openai.api_key`; the header itself where it is no object. */
  field: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.field === header ? "The header " : ""}${this.field}: ${this.detail}.`
  }
}

export interface ProviderData {
  readonly given: Given
  readonly secrets: ReadonlyArray<string>
}

export const empty: ProviderData = { given: none, secrets: [] }

const texts = (value: unknown): ReadonlyArray<string> =>
  Predicate.isString(value) ? [value] : Predicate.isObjectOrArray(value) ? Object.values(value).flatMap(texts) : []

/** What is secret of what was given for an instance. */
export const secretsOf = (value: unknown): ReadonlyArray<string> =>
  Redacted.isRedacted(value)
    ? texts(Redacted.value(value))
    : Predicate.isObjectOrArray(value)
    ? Object.values(value).flatMap(secretsOf)
    : []

/** The instance within the instance that takes the data: who asks the vendor. */
const takerOf = (planned: PlannedProvider): AnyDefinition | undefined =>
  chainOf(planned).findLast(({ definition }) => definition.providerData !== undefined)?.definition

const named = (planned: ReadonlyArray<PlannedProvider>, name: string): ReadonlyArray<PlannedProvider> => {
  const byId = planned.filter(({ provider_id }) => provider_id === name)
  return byId.length > 0
    ? byId
    : planned.filter((each) => chainOf(each).some(({ provider_type }) => provider_type === name))
}

const refuse = (path: ReadonlyArray<string>, detail: string) =>
  Effect.fail(new ProviderDataInvalid({ field: [header, ...path].join("."), detail }))

/** A name of the client's own making is not repeated at any length. */
const shorten = (name: string) => name.slice(0, 64)

const unknownName = (planned: ReadonlyArray<PlannedProvider>, name: string) => {
  const names = planned.flatMap((each) => [each.provider_id, ...chainOf(each).map((each) => each.provider_type)])
  const nearest = nearestKey(shorten(name), names)
  const hint = nearest === undefined ? "GET /v1/providers lists them" : `did you mean ${nearest}?`
  return refuse([shorten(name)], `no provider has this provider_id or provider_type: ${hint}`)
}

/** `definition` is one that takes data. */
const decodeFor = (definition: AnyDefinition, name: string, value: Schema.Json) =>
  Schema.decodeEffect(definition.providerData as Schema.Codec<unknown, Schema.Json>, { onExcessProperty: "error" })(
    value
  )
    .pipe(
      Effect.catch((error) => {
        // Under this key a value is told by its kind alone.
        const [issue] = decodingIssues(error, { config: value }, ["config"])
        const path = issue?.path.replace(/^config\.?/, "") ?? ""
        return refuse([shorten(name), ...path === "" ? [] : [path]], issue?.message ?? "not understood")
      })
    )

const read = (planned: ReadonlyArray<PlannedProvider>) =>
  Effect.fnUntraced(function*(text: string): Effect.fn.Return<ProviderData, ProviderDataInvalid> {
    if (text.length > longest) return yield* refuse([], `longer than ${longest} characters`)
    const data = parse(text)
    if (!Predicate.isObject(data) || Array.isArray(data)) {
      return yield* refuse([], "expected a JSON object like {\"openai\": {\"api_key\": \"…\"}}, by provider_id")
    }
    const given = new Map<string, unknown>()
    const byId = new Set<string>()
    for (const [name, value] of Object.entries(data as Schema.JsonObject)) {
      const instances = named(planned, name)
      if (instances.length === 0) return yield* unknownName(planned, name)
      const takers = instances.flatMap((instance) => {
        const definition = takerOf(instance)
        return definition === undefined ? [] : [{ instance, definition }]
      })
      if (takers.length === 0) {
        return yield* refuse([shorten(name)], "this provider takes nothing from clients: leave it out")
      }
      for (const { definition, instance } of takers) {
        const decoded = yield* decodeFor(definition, name, value)
        const key = keyOf(instance)
        if (instance.provider_id === name) byId.add(key)
        if (instance.provider_id === name || !byId.has(key)) given.set(key, decoded)
      }
    }
    return { given, secrets: [...given.values()].flatMap(secretsOf) }
  })

/** Reads the header of a request. */
export const ProviderDataReader = Context.Reference<
  (text: string) => Effect.Effect<ProviderData, ProviderDataInvalid>
>("strata/kernel/provider/ProviderData/ProviderDataReader", { defaultValue: () => read([]) })

export const layer = (planned: ReadonlyArray<PlannedProvider>) => Layer.succeed(ProviderDataReader, read(planned))
