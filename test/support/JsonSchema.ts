/** JSON Schema 2020-12, checked by ajv: the one that comes with the OpenAPI validator. */
import type { Schema } from "effect"
import { createRequire } from "node:module"

interface Validate {
  (value: unknown): boolean
  readonly errors?: ReadonlyArray<object> | null
}
interface Ajv {
  addSchema(schema: object, key: string): Ajv
  compile(schema: object): Validate
  validateSchema(schema: object): boolean
  readonly errors?: ReadonlyArray<object> | null
}

const validator = createRequire(import.meta.url).resolve("@seriousme/openapi-schema-validator")
const { Ajv2020 } = createRequire(validator)("ajv/dist/2020.js") as { Ajv2020: new(options: object) => Ajv }

const ajv = () => new Ajv2020({ strict: false, allErrors: true })

/** What is wrong with the schema itself; empty when it is valid JSON Schema 2020-12. */
export const schemaErrors = (schema: Schema.JsonObject): ReadonlyArray<object> => {
  const checker = ajv()
  return checker.validateSchema(schema) ? [] : checker.errors ?? []
}

/** Checks values against the schema at a JSON pointer of a document; gives what is wrong. */
export const checker = (document: object) => {
  const schemas = ajv().addSchema(document, "document")
  const compiled = new Map<string, Validate>()
  return (pointer: string, value: unknown): ReadonlyArray<object> => {
    const validate = compiled.get(pointer) ?? schemas.compile({ $ref: `document#${pointer}` })
    compiled.set(pointer, validate)
    return validate(value) ? [] : validate.errors ?? []
  }
}
