/**
 * Ids of function calls: Google may leave them out, nobody else may. Those that are made here are known by their form, and
 * never go back to Google.
 */
import { Predicate } from "effect"
import { asText, isFields, listOf } from "../../../events/types/JsonAccess.ts"
import { sha256 } from "../../../events/types/Traffic.ts"
import { OpenCalls } from "../OpenCalls.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, named } from "./ProtoNames.ts"

const made = /^gemini_call_[0-9a-f]+_\d+$/

const make = (place: string, number: number): string => `gemini_call_${place}_${number}`

/** The place of an answer's calls: `identity` is what tells the answer from others. */
export const placeOfAnswer = (identity: string): string => sha256(identity).slice(0, 16)

/** Of a call of an answer; `number`: among its calls. */
export const ofAnswer = make

const isGiven = (id: unknown): id is string => Predicate.isString(id) && id !== ""

/** An id as Google may see it. */
export const onWire = (id: string): { readonly id?: string } => id === "" || made.test(id) ? {} : { id }

/** Gives each call and each result of a conversation its id, by its place: the same ones whenever it is sent again. */
export const identified = (contents: ReadonlyArray<Fields>): ReadonlyArray<Fields> => {
  const open = new OpenCalls()
  return contents.map((content, turn) => {
    let calls = 0
    let results = 0
    const part = (given: unknown): unknown => {
      if (!isFields(given)) return given
      const fields = named(given)
      const { functionCall, functionResponse } = fields
      if (isFields(functionCall)) {
        const id = isGiven(functionCall["id"]) ? functionCall["id"] : make(String(turn), calls)
        calls++
        open.add({ id, name: functionCall["name"] })
        return { ...fields, functionCall: { ...functionCall, id } }
      }
      if (isFields(functionResponse)) {
        const id = isGiven(functionResponse["id"])
          ? functionResponse["id"]
          : open.take(functionResponse["name"]) ?? make(`${turn}0`, results)
        results++
        open.close(id)
        return { ...fields, functionResponse: { ...functionResponse, id } }
      }
      return fields
    }
    return Array.isArray(content["parts"])
      ? { ...content, parts: listOf(content["parts"]).map(part) } as Fields
      : content
  })
}

const withoutId = (fields: Fields): Fields => {
  const { id, ...rest } = fields
  return isGiven(id) ? { ...rest, ...onWire(id) } : fields
}

/** A turn as Google reads it: without the ids that were made here, with the names of the functions that results are of. */
export const anonymous = (contents: ReadonlyArray<Fields>): ReadonlyArray<Fields> => {
  const names = new Map<string, string>()
  const part = (given: unknown): unknown => {
    const { functionCall, functionResponse, ...rest } = fieldsOf(given)
    if (isFields(functionCall)) {
      const { id, name } = functionCall
      if (isGiven(id) && Predicate.isString(name)) names.set(id, name)
      return { ...rest, functionCall: withoutId(functionCall) }
    }
    if (!isFields(functionResponse)) return given
    const name = functionResponse["name"] ?? names.get(asText(functionResponse["id"]))
    return { ...rest, functionResponse: withoutId({ ...functionResponse, ...(name === undefined ? {} : { name }) }) }
  }
  return contents.map((content) =>
    Array.isArray(content["parts"]) ? { ...content, parts: listOf(content["parts"]).map(part) } as Fields : content
  )
}
