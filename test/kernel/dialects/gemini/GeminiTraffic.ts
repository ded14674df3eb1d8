/** Recorded traffic of Gemini: google-genai's objects as they were on the wire. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { Recordings } from "../../../support/Recordings.ts"

type Fields = Schema.JsonObject

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

/** Of schemas and arguments, names are the application's. */
const opaque = new Set(["response_schema", "response_json_schema", "parameters", "args", "response"])

/** google-genai's objects, whose names have underscores, as they were on the wire. */
const onWire = (value: Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map(onWire)
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      opaque.has(name) ? each : onWire(each)
    ])
  )
}

const besides = new Set(["systemInstruction", "tools", "toolConfig", "safetySettings", "cachedContent"])

/** The client's call as the body that it sends: the model goes into the path, settings into `generationConfig`. */
export const bodyOf = ({ config, contents }: Fields): Fields => {
  const fields = isFields(config) ? onWire(config) as Fields : {}
  const { systemInstruction } = fields
  const settings = Object.entries(fields).filter(([name]) => !besides.has(name))
  return {
    contents: onWire(contents ?? []),
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => besides.has(name))),
    ...(Predicate.isString(systemInstruction) ? { systemInstruction: { parts: [{ text: systemInstruction }] } } : {}),
    ...(settings.length === 0 ? {} : { generationConfig: Object.fromEntries(settings) })
  }
}

/** Of the client, not of the wire. */
export const answerOf = (value: Schema.Json): Fields => {
  const { automaticFunctionCallingHistory: _, sdkHttpResponse: __, ...body } = onWire(value) as Fields
  return body
}

export const recorded = () =>
  Recordings.load({ vendors: ["vertex", "gemini"] }).filter(({ endpoint }) => endpoint.startsWith("/generate_content"))
