/** Images that come as `data:` URLs that nobody can read: they are refused by the field that holds them, before a vendor is asked. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf } from "../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import { isModeled } from "../messages/ContentBlock.ts"
import * as DataUrl from "../messages/DataUrl.ts"
import { NotOfDialect } from "./NotOfDialect.ts"
import * as RequestPath from "./RequestPath.ts"

/** The URL of an image that can't be read. */
const unreadableIn = (block: unknown): string | undefined => {
  if (!isFields(block) || block["type"] !== "image" || !isFields(block["source"])) return undefined
  const { url } = block["source"]
  return DataUrl.isDataUrl(url) && DataUrl.inSource(block["source"]) === undefined ? url : undefined
}

const first = ({ messages }: Pick<ChatRequest, "messages">): string | undefined => {
  for (const { content } of messages) {
    for (const block of Predicate.isString(content) ? [] : content) {
      const blocks = isModeled(block) && block.type === "tool_result" ? listOf(block.output) : [block]
      for (const each of blocks) {
        const url = unreadableIn(each)
        if (url !== undefined) return url
      }
    }
  }
  return undefined
}

export const problem = (request: Pick<ChatRequest, "messages">, dialect: string): NotOfDialect | undefined =>
  first(request) === undefined
    ? undefined
    : new NotOfDialect({ dialect, detail: `an image ${DataUrl.unreadable}`, param: "messages" })

/** The same failure by the field of the client's own request. */
export const placed = (
  error: NotOfDialect,
  request: Pick<ChatRequest, "messages">,
  body: Schema.JsonObject
): NotOfDialect => {
  const url = error.param === "messages" && error.detail.endsWith(DataUrl.unreadable) ? first(request) : undefined
  const param = url === undefined ? undefined : RequestPath.to(body, url)
  return param === undefined ? error : new NotOfDialect({ dialect: error.dialect, detail: error.detail, param })
}
