/** A Strata with tools, asked over HTTP as a client does. */
import type { Schema } from "effect"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { field } from "../../src/events/types/JsonAccess.ts"
import { Http } from "./Http.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"

export interface Asked {
  readonly name: string
  readonly arguments?: Schema.JsonObject
  readonly group?: string
  readonly session?: string
  readonly headers?: Readonly<Record<string, string>>
}

const json = { "content-type": "application/json" }

const invoke = (url: string, { arguments: kwargs = {}, group, headers = {}, name, session }: Asked) =>
  Http.send(url, "/v1/tool-runtime/invoke", {
    method: "POST",
    headers: { ...json, ...session === undefined ? {} : { "x-strata-session-id": session }, ...headers },
    body: JSON.stringify({ tool_name: name, kwargs, ...group === undefined ? {} : { toolgroup_id: group } })
  })

const list = (url: string, query = "") => Http.send(url, `/v1/tools${query}`)

const make = (options: StrataOptions) => Strata.make({ supervision: {}, ...options })

/** The texts of an answer's content. */
const textOf = (answer: unknown): string => {
  const content = field(answer, "content")
  return (Array.isArray(content) ? content : []).map((block) => String(field(block, "text") ?? "")).join("\n")
}

const codeOf = (answer: unknown): unknown => field(field(answer, "error"), "code")

/** Events of calls of tools, in order. */
const calls = (events: ReadonlyArray<RecordedEvent>) => events.filter(({ type }) => type.startsWith("tool:"))

const types = (events: ReadonlyArray<RecordedEvent>) => events.map(({ type }) => type)

export const ToolWorld = { make, invoke, list, textOf, codeOf, calls, types, payload: payloadOf }
