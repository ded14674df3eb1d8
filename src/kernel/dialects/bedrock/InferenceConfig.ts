/** Sampling, limits and form of the answer: `inferenceConfig`, `outputConfig`, and the canonical fields they stand for. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { given, isEmpty } from "../anthropic/WireFields.ts"

type Fields = Schema.JsonObject

export interface Raised {
  readonly canonical: Fields
  /** What has no canonical place. */
  readonly options: Fields
}

const isTexts = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.length > 0 && value.every(Predicate.isString)

export const raise = (config: Fields): Raised => {
  const { maxTokens, stopSequences, temperature, topP, ...rest } = config
  const canonical: Record<string, Schema.Json> = {}
  const options: Record<string, Schema.Json> = { ...rest }
  const take = (name: string, field: string, value: Schema.Json | undefined, fits: boolean) => {
    if (fits) canonical[field] = value!
    else if (value != null) options[name] = value
  }
  take("maxTokens", "max_output_tokens", maxTokens, Number.isSafeInteger(maxTokens))
  take("temperature", "temperature", temperature, Number.isFinite(temperature))
  take("topP", "top_p", topP, Number.isFinite(topP))
  take("stopSequences", "stop", stopSequences, isTexts(stopSequences))
  return { canonical, options }
}

export const lower = ({ max_output_tokens, stop, temperature, top_p }: ChatRequest, own: unknown): Fields => {
  const config = {
    ...(isFields(own) ? own : {}),
    ...given("maxTokens", max_output_tokens),
    ...given("temperature", temperature),
    ...given("topP", top_p),
    ...(stop == null || stop.length === 0 ? {} : { stopSequences: stop })
  }
  return isEmpty(config) ? {} : { inferenceConfig: config }
}

/** A schema stands as text on this wire. */
export const raiseFormat = (outputConfig: unknown): Raised => {
  if (!isFields(outputConfig)) return { canonical: {}, options: {} }
  const { textFormat, ...rest } = outputConfig
  const { structure, type } = isFields(textFormat) ? textFormat : {}
  const { name, schema, ...more } = isFields(structure) && isFields(structure["jsonSchema"])
    ? structure["jsonSchema"]
    : {}
  const json_schema = Predicate.isString(schema) ? parse(schema) : undefined
  const isPlain = type === "json_schema" && isFields(json_schema) && isEmpty(rest) && isEmpty(more) &&
    JSON.stringify(json_schema) === schema && (name === undefined || Predicate.isString(name))
  if (!isPlain) return { canonical: {}, options: { outputConfig } }
  return { canonical: { response_format: { type, json_schema, ...given("name", name) } }, options: {} }
}

export const lowerFormat = ({ response_format: format }: ChatRequest, own: unknown): Fields => {
  if (isFields(own)) return { outputConfig: own }
  if (format?.type !== "json_schema") return {}
  const jsonSchema = { schema: JSON.stringify(format.json_schema), ...given("name", format.name) }
  return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } }
}
