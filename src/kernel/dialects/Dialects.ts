/** Which operations carry a conversation, and in which dialect: modules say so of theirs. */
import { chat } from "./chat/ChatDialect.ts"
import type { Dialect } from "./Dialect.ts"

/** By the id of the operation, as its events name it. One that is not there carries no conversation. */
export type OperationDialects = ReadonlyMap<string, Dialect>

/** For folds that count no turns. */
export const none: OperationDialects = new Map()

/** What a conversation without a turn is taken to be in. */
export const standard: Dialect = chat
