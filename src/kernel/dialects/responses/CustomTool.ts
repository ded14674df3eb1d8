/** Tools that take text, as Responses have them: for vendors of other dialects they stand among the functions. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn, textOrNull, without } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import * as CustomCall from "../../messages/CustomCall.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolSpec } from "../../messages/Tools.ts"

type Fields = Schema.JsonObject

const isTool = ({ format, name, type }: Fields): boolean =>
  type === "custom" && Predicate.isString(name) && (format == null || isFields(format))

const specOf = ({ description, format, name, ...rest }: Fields): ToolSpec => ({
  name: textOrNull(name) ?? "",
  ...(Predicate.isString(description) ? { description } : {}),
  parameters: CustomCall.parameters,
  custom: isFields(format) ? format : {},
  ...optionsOf("responses", without(rest, ["type"]))
})

export const lower = (spec: ToolSpec, format: Fields): Fields => ({
  type: "custom",
  name: spec.name,
  ...(spec.description == null ? {} : { description: spec.description }),
  ...(Object.keys(format).length === 0 ? {} : { format }),
  ...optionsFor("responses", spec)
})

/** A place among all tools: that of a function, or of one that only a vendor of the dialect knows. */
type Placed = { readonly spec: ToolSpec } | { readonly tool: Fields }

const placesOf = (tools: ReadonlyArray<ToolSpec>, others: ReadonlyArray<Fields>): ReadonlyArray<Placed> => {
  const places: Array<Placed> = []
  const left = [...tools].values()
  const byPlace = new Map(others.map(({ at, tool }) => [Number(at), tool]))
  for (let at = 0; at < tools.length + others.length; at++) {
    const tool = byPlace.get(at)
    if (isFields(tool)) places.push({ tool })
    else {
      const { value: spec } = left.next()
      if (spec !== undefined) places.push({ spec })
    }
  }
  return places
}

const choiceOf = (choice: Schema.Json | undefined): string | undefined =>
  isFields(choice) && choice["type"] === "custom" ? textOrNull(choice["name"]) ?? undefined : undefined

/** A request of the dialect for a vendor of another. */
export const raise = (request: ChatRequest): ChatRequest => {
  const { tool_choice: choice, tools: others, ...own } = optionsFor("responses", request)
  const places = placesOf(request.tools ?? [], objectsIn(others)).map((place): Placed =>
    "tool" in place && isTool(place.tool) ? { spec: specOf(place.tool) } : place
  )
  const tools = places.flatMap((place) => "spec" in place ? [place.spec] : [])
  if (tools.length === (request.tools ?? []).length) return request
  const rest = places.flatMap((place, at) => "tool" in place ? [{ at, tool: place.tool }] : [])
  const name = choiceOf(choice)
  const { provider_options } = request
  return {
    ...request,
    tools,
    ...(name === undefined ? {} : { tool_choice: { name } }),
    provider_options: {
      ...provider_options,
      responses: {
        ...own,
        ...(rest.length === 0 ? {} : { tools: rest }),
        ...(choice === undefined || name !== undefined ? {} : { tool_choice: choice })
      }
    }
  }
}
