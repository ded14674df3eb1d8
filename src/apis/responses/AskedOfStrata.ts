/** What of a request only Strata can do, however well its vendor knows responses. */
import type { Schema } from "effect"
import { objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import type { StoresHere } from "./FileSearch.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"

const types: ReadonlySet<unknown> = new Set([
  "mcp_approval_response",
  "mcp_approval_request",
  "mcp_call",
  "mcp_list_tools",
  "compaction"
])

/** Items that only Strata can read. */
const isOurs = ({ id, type }: Item): boolean =>
  type === "item_reference" ? ResponseItems.responseOf(textOrNull(id) ?? "") !== undefined : types.has(type)

/** Fields that name what is kept here, or how Strata is to work. */
const fields = ["previous_response_id", "conversation", "prompt", "max_infer_iters"]

/** Whether any of it is asked for; else the request passes to the vendor as it came. */
export const any = (body: Schema.JsonObject, { isOurs: isFileSearch }: StoresHere): boolean =>
  fields.some((name) => body[name] != null) ||
  body["background"] === true ||
  objectsIn(body["tools"]).some((tool) => tool["type"] === "mcp" || isFileSearch(tool)) ||
  ResponseItems.given(body["input"]).some(isOurs)
