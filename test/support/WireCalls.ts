/** Calls as a client's request becomes them. */
import type { Schema } from "effect"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../src/kernel/dialects/Dialect.ts"
import type { WireCall } from "../../src/kernel/dialects/WireCall.ts"

/** `body`: as the client writes it. */
export const callOf = (body: Schema.JsonObject, dialect: Dialect = chat): WireCall => ({
  dialect,
  model: String(body["model"]),
  stream: body["stream"] === true,
  body,
  text: JSON.stringify(body)
})
