/** Which of its tools a request lets the model choose from. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn } from "../../events/types/JsonAccess.ts"
import { tableOf } from "../../events/types/Table.ts"
import * as WebSearch from "./WebSearch.ts"

type Fields = Schema.JsonObject

/** The field that tells tools of a type apart. */
export const nameFields = tableOf<string>({ function: "name", custom: "name", mcp: "server_label" })

/** The same for a tool and for a choice of it; versions of a search of the web are one. */
export const keyOf = (tool: Fields): string => {
  if (WebSearch.isTool(tool)) return WebSearch.toolName
  const name = nameFields[asText(tool["type"])]
  return JSON.stringify([tool["type"], ...name === undefined ? [] : [tool[name]]])
}

export const keysOf = (tools: ReadonlyArray<Fields>): ReadonlySet<string> => new Set(tools.map(keyOf))

/** Any tool of one MCP server: among its tools one must be chosen. */
const ofServer = (choice: Fields): Fields =>
  choice["type"] === "mcp" && !Predicate.isString(choice["name"])
    ? { type: "allowed_tools", mode: "required", tools: [choice] }
    : choice

/** The request with the tools that may be chosen alone. */
export const allowed = (body: Fields): Fields => {
  const given = body["tool_choice"]
  const choice = isFields(given) ? ofServer(given) : undefined
  if (choice?.["type"] !== "allowed_tools") return body
  const chosen = keysOf(objectsIn(choice["tools"]))
  return {
    ...body,
    tool_choice: choice["mode"] === "required" ? "required" : "auto",
    tools: objectsIn(body["tools"]).filter((tool) => chosen.has(keyOf(tool)))
  }
}
