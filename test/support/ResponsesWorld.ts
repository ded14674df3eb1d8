/** A whole Strata whose models do as they are told, asked for responses over HTTP as a client does. */
// @effect-diagnostics asyncFunction:off
import { Effect } from "effect"
import type { Schema } from "effect"
import { setTimeout } from "node:timers/promises"
import { field, parse } from "../../src/events/types/JsonAccess.ts"
import { SseReader } from "../../src/kernel/dialects/sse/SseReader.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { HttpAnswer } from "./Http.ts"
import { Http } from "./Http.ts"
import * as OpenResponses from "./OpenResponses.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import { chatModel } from "./TurnWorld.ts"

export type Json = Schema.JsonObject

export interface Options extends StrataOptions {
  readonly model?: (request: ReceivedRequest) => ScriptedAnswer | undefined
  /** Of the provider, besides its models. */
  readonly config?: Schema.JsonObject
}

/** The events of a stream, each checked against the document. */
export const eventsOf = ({ text }: Pick<HttpAnswer, "text">): ReadonlyArray<Json> => {
  const reader = new SseReader()
  return [...reader.feed(Buffer.from(text)), ...reader.end()].flatMap(({ event }) => {
    const value = parse(event?.data ?? "")
    if (value === undefined) return []
    OpenResponses.checkEvent(value)
    return [value as Json]
  })
}

export const typesOf = (events: ReadonlyArray<Json>) => events.map(({ type }) => type)

/** What the model says in a response. */
export const textOf = (response: unknown): string => {
  const output = field(response, "output") as ReadonlyArray<Json> | undefined
  return (output ?? []).flatMap((item) => (item["content"] as ReadonlyArray<Json> | undefined) ?? [])
    .map(({ text }) => String(text)).join("")
}

type Get = (path: string) => Effect.Effect<HttpAnswer>

/** Waits until a response stands so: a minute, for work that other servers share is handed out first. */
export const awaitStatus = (get: Get, id: string, status: string): Effect.Effect<HttpAnswer> =>
  Effect.gen(function*() {
    for (let attempt = 0; attempt < 1200; attempt++) {
      const answer = yield* get(`/v1/responses/${id}`)
      if (field(answer.json, "status") === status) return answer
      yield* Effect.sleep("50 millis")
    }
    return yield* Effect.die(new Error(`${id} is not ${status}: ${(yield* get(`/v1/responses/${id}`)).text}`))
  })

/** Waits until the vendor has been asked with a text. */
export const arrival = async ({ received }: Pick<FakeUpstream, "received">, text: string): Promise<void> => {
  while (!received.some(({ bodyText }) => bodyText.includes(text))) {
    await setTimeout(10)
  }
}

/** MCP servers of this machine may be asked. */
export const mcpHere = {
  tool_runtime: [{
    provider_id: "mcp",
    provider_type: "remote::model-context-protocol",
    config: { allow_private_addresses: true }
  }]
}

export const given = Effect.fnUntraced(function*({ config = {}, model = chatModel, ...options }: Options = {}) {
  const upstream = yield* FakeUpstream.make({ respond: model })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"], ...config })],
    ...options
  })
  const headersOf = (session: string | undefined, more: Readonly<Record<string, string>> = {}) => ({
    ...session === undefined ? {} : { "x-strata-session-id": session },
    ...more
  })
  const post = (path: string, body: Json, session?: string, headers?: Readonly<Record<string, string>>) =>
    Http.post(strata.url, path, body, headersOf(session, headers))
  return {
    strata,
    upstream,
    post,
    /** A response, checked against the document. */
    create: (body: Json, session?: string, headers?: Readonly<Record<string, string>>) =>
      Effect.map(post("/v1/responses", { model: "upstream/m", ...body }, session, headers), (answer) => {
        if (answer.status === 200 && body["stream"] !== true) OpenResponses.checkResponse(answer.json)
        return answer
      }),
    get: (path: string) => Http.send(strata.url, path),
    remove: (path: string) => Http.send(strata.url, path, { method: "DELETE" }),
    verify: (session: string) =>
      Effect.map(Http.post(strata.url, `/v1/sessions/${session}/verify`, {}), ({ json }) => json)
  }
})

/** The same model, whose tools take a `message`, as those of the everything server do. */
export const toolModel = (request: ReceivedRequest): ScriptedAnswer | undefined => {
  const answer = chatModel(request)
  return answer === undefined
    ? undefined
    : JSON.parse(JSON.stringify(answer).replaceAll("\\\\\\\"say\\\\\\\"", "\\\\\\\"message\\\\\\\""))
}
