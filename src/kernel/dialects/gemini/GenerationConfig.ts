/** Settings of a request: sampling, limits, form of the answer, thinking. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"
import * as Logprobs from "./Logprobs.ts"
import { jsonSchema } from "./OpenApiSchema.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, named, whereAny } from "./ProtoNames.ts"
import type { LoweredThinking } from "./Thinking.ts"
import * as Thinking from "./Thinking.ts"

type Test = (value: unknown) => boolean

const isTexts: Test = (value) => Array.isArray(value) && value.every(Predicate.isString)

/** By their names on the wire: what is of another type stays as it came. */
const settings = {
  temperature: ["temperature", Number.isFinite],
  topP: ["top_p", Number.isFinite],
  topK: ["top_k", Number.isSafeInteger],
  seed: ["seed", Number.isSafeInteger],
  frequencyPenalty: ["frequency_penalty", Number.isFinite],
  presencePenalty: ["presence_penalty", Number.isFinite],
  maxOutputTokens: ["max_output_tokens", Number.isSafeInteger],
  stopSequences: ["stop", isTexts]
} as const satisfies Readonly<Record<string, readonly [keyof ChatRequest, Test]>>

const entries = Object.entries(settings)

const formFields = ["responseMimeType", "responseSchema", "responseJsonSchema"] as const

interface Form {
  readonly format?: ResponseFormat
  /** The schema in Google's own words. */
  readonly responseSchema?: Fields
}

/** No format where it has no canonical form. */
const raiseForm = (config: Fields): Form => {
  const { responseJsonSchema, responseMimeType: type, responseSchema } = config
  const isJson = type === undefined || type === "application/json"
  if (responseJsonSchema !== undefined && responseSchema !== undefined) return {}
  if (isFields(responseJsonSchema)) {
    return isJson ? { format: { type: "json_schema", json_schema: responseJsonSchema } } : {}
  }
  if (isFields(responseSchema)) {
    return isJson ? { format: { type: "json_schema", json_schema: jsonSchema(responseSchema) }, responseSchema } : {}
  }
  if (responseJsonSchema !== undefined || responseSchema !== undefined) return {}
  if (type === "application/json") return { format: { type: "json" } }
  return type === "text/plain" ? { format: { type: "text" } } : {}
}

export interface Raised {
  /** Fields of the canonical request. */
  readonly canonical: Fields
  /** What has no canonical form. */
  readonly generationConfig: Fields
  readonly responseSchema: Fields | undefined
}

export const raise = (given: Fields): Raised => {
  const { thinkingConfig, ...config } = named(given)
  const taken = entries.filter(([name, [, test]]) => config[name] !== undefined && test(config[name]))
  const { format, responseSchema } = raiseForm(config)
  const thinking = isFields(thinkingConfig) ? Thinking.raise(thinkingConfig) : undefined
  const { rest, ...canonicalThinking } = thinking ?? { rest: {} }
  const rested = Struct.omit(config, [...taken.map(([name]) => name), ...(format === undefined ? [] : formFields)])
  return {
    canonical: {
      ...Object.fromEntries(taken.map(([name, [field]]) => [field, config[name]!])),
      ...canonicalThinking,
      ...(format === undefined ? {} : { response_format: format as unknown as Fields })
    },
    generationConfig: {
      ...rested as Fields,
      // Also where nothing of it is left: who speaks this dialect has said whether thoughts are shown.
      ...(thinkingConfig === undefined ? {} : { thinkingConfig: thinking === undefined ? thinkingConfig : rest })
    },
    responseSchema
  }
}

const lowerForm = (format: ResponseFormat, responseSchema: unknown): Fields => {
  switch (format.type) {
    case "text":
      return { responseMimeType: "text/plain" }
    case "json":
      return { responseMimeType: "application/json" }
    case "json_schema": {
      const isUnchanged = isFields(responseSchema) && isDeepStrictEqual(jsonSchema(responseSchema), format.json_schema)
      return {
        responseMimeType: "application/json",
        ...(isUnchanged ? { responseSchema } : { responseJsonSchema: format.json_schema })
      }
    }
  }
}

export interface Lowered extends Pick<LoweredThinking, "degradation"> {
  readonly fields: Fields
}

/** `own`: what this dialect said besides. */
export const lower = (
  request: ChatRequest,
  own: { readonly generationConfig?: unknown; readonly responseSchema?: unknown }
): Lowered => {
  const { thinkingConfig, ...rest } = fieldsOf(own.generationConfig)
  const ownThinking = isFields(thinkingConfig) ? thinkingConfig : undefined
  const { degradation, fields: thinking } = Thinking.lower(request, ownThinking)
  const values = entries.flatMap(([name, [field]]) => {
    const value = request[field] as Schema.Json | undefined
    return value == null || (Array.isArray(value) && value.length === 0) ? [] : [[name, value] as const]
  })
  const fields = {
    ...Logprobs.lower(request),
    ...rest,
    ...Object.fromEntries(values),
    ...(request.response_format == null ? {} : lowerForm(request.response_format, own.responseSchema)),
    ...whereAny("thinkingConfig", thinking)
  }
  return { fields, ...(degradation === undefined ? {} : { degradation }) }
}
