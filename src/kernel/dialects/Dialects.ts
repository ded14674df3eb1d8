/** Which operations carry a conversation, and in which dialect. */
import { chat } from "./chat/ChatDialect.ts"
import type { Dialect } from "./Dialect.ts"

/** By the id of the operation, as its events name it. */
const operations: ReadonlyMap<string, Dialect> = new Map([["createChatCompletion", chat]])

/** Undefined: it carries no conversation. */
export const ofOperation = (operation: string | undefined): Dialect | undefined =>
  operation === undefined ? undefined : operations.get(operation)

/** What a conversation without a turn is taken to be in. */
export const standard: Dialect = chat
