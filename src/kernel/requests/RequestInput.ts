/** What is asked, whoever asks and however: over HTTP, in process, by a line of a batch, by a replay. */
import type { Secrets } from "../../events/redaction/Secrets.ts"
import type { Level } from "../../events/types/Event.ts"
import type { WholeBody } from "../bytes/WholeBody.ts"
import type { Operation } from "../http/Operations.ts"
import { openApiPath } from "../http/Operations.ts"

type Parameters = Readonly<Record<string, string | ReadonlyArray<string>>>

export interface RequestInput {
  /** Undefined: what is asked for is no operation. */
  readonly operation: Operation | undefined
  readonly method: string
  /** The path with its query. */
  readonly url: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Parameters
  readonly headers: Readonly<Record<string, string>>
  readonly body: WholeBody
  /** The session it names; undefined: one of its own, where the operation opens one. */
  readonly session: string | undefined
  /** Where it names none: the session of what it goes on from, which it joins if it may. */
  readonly continued?: string | undefined
  /** How much of it is recorded; undefined: what is configured. */
  readonly level: Level | undefined
  /** What the client sent to authenticate, here and at vendors: it reaches no event. */
  readonly secrets: Secrets | undefined
}

/**
 * A request that comes over no wire: written as its client would send it.
 *
 * @example
 * RequestInput.make(createChatCompletion, { payload: { model: "openai/gpt-4o", messages }, session: "s" })
 */
export const make = (operation: Operation, options: {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** A JSON value, or its text. */
  readonly payload?: unknown
  readonly session?: string
  readonly level?: Level
} = {}): RequestInput & { readonly body: string } => {
  const { level, params = {}, payload, query = {}, session } = options
  const path = openApiPath(operation.path).replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => encodeURIComponent(params[name] ?? "")
  )
  const search = new URLSearchParams(query).toString()
  return {
    operation,
    method: operation.method,
    url: search === "" ? path : `${path}?${search}`,
    params,
    query,
    headers: payload === undefined ? {} : { "content-type": "application/json" },
    body: payload === undefined ? "" : typeof payload === "string" ? payload : JSON.stringify(payload),
    session,
    level,
    secrets: undefined
  }
}
