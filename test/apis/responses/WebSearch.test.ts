// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { BadRequestError } from "openai"
import type OpenAI from "openai"
import * as WebSearch from "../../../src/apis/responses/WebSearch.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ask, clientOf, refusal } from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { streamedSearch } from "../../support/streamedSearch.ts"
import { chatModel } from "../../support/TurnWorld.ts"

/** `call web_search snow` searches for it; what it got it says again, with the mark that it was shown. */
const model = (request: ReceivedRequest): ScriptedAnswer | undefined => {
  const answer = chatModel(request)
  return answer === undefined
    ? undefined
    : JSON.parse(JSON.stringify(answer).replaceAll("\\\\\\\"say\\\\\\\"", "\\\\\\\"query\\\\\\\""))
}

const page = { title: "Snow", url: "https://example.com/snow" }

const given = Effect.fnUntraced(function*(answer = () =>
  ScriptedAnswer.json(200, {
    results: [{ ...page, content: "Snow is cold.", score: 0.9 }]
  }))
{
  const upstream = yield* FakeUpstream.make({ respond: model })
  const web = yield* FakeUpstream.make({ respond: answer })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] })],
    more: {
      tool_runtime: [{
        provider_id: "web",
        provider_type: "remote::tavily-search",
        config: { base_url: web.url, api_key: "search-key-0123456789" }
      }]
    }
  })
  const asking = (more: object = {}): OpenAI.Responses.ResponseCreateParamsNonStreaming => ({
    model: "upstream/m",
    input: "call web_search snow",
    tools: [{ type: "web_search" }],
    ...more
  })
  return { strata, client: clientOf(strata), upstream, web, asking }
})

const messageOf = (output: ReadonlyArray<OpenAI.Responses.ResponseOutputItem>) => {
  const message = output.find(({ type }) => type === "message") as OpenAI.Responses.ResponseOutputMessage
  const [content] = message.content
  return content as OpenAI.Responses.ResponseOutputText
}

describe.each(ways)("web_search of responses, before $way", ({ it }) => {
  it.live(
    "given a provider that searches, when the model asks, then its search is an item, and what it cites an annotation",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, web } = yield* given()
        const { output, status } = yield* ask(() =>
          client.responses.create(asking({
            tools: [{
              type: "web_search",
              search_context_size: "low",
              filters: { allowed_domains: ["example.com"] },
              user_location: { type: "approximate", country: "NO" }
            }],
            include: ["web_search_call.action.sources"]
          }))
        )
        assert.strictEqual(status, "completed")
        assert.deepStrictEqual(web.received[0]?.body, {
          query: "snow",
          max_results: 3,
          include_domains: ["example.com"],
          country: "norway"
        })
        const [call] = output
        assert.deepInclude(call as object, {
          type: "web_search_call",
          status: "completed",
          action: { type: "search", query: "snow", queries: ["snow"], sources: [{ type: "url", url: page.url }] }
        })
        const { annotations, text } = messageOf(output)
        assert.notMatch(text, /<\|web-/)
        const [citation] = annotations
        assert.deepInclude(citation as object, { type: "url_citation", ...page })
        if (citation?.type !== "url_citation") return
        assert.isTrue(text.slice(citation.start_index, citation.end_index).endsWith("It is cold in Oslo"), text)
      })),
    60_000
  )

  it.live(
    "given a stream, then the search and the text come one by one, without marks, and sources only where they are asked for",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client } = yield* given()
        const { output, text } = yield* streamedSearch(client, asking(), "web_search")
        assert.strictEqual(text, messageOf(output).text)
        assert.notInclude(JSON.stringify(output[0]), "sources")
      })),
    60_000
  )

  it.live(
    "given a session that searched and went on, then it verifies offline",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, strata } = yield* given()
        const headers = { "x-strata-session-id": "searching" }
        const first = yield* ask(() => client.responses.create(asking(), { headers }))
        const next = yield* ask(() =>
          client.responses.create({ model: "upstream/m", input: "thanks", previous_response_id: first.id }, { headers })
        )
        assert.include(messageOf(next.output).text, "thanks")
        const types = (yield* strata.events({ sessionId: "searching" })).map(({ type }) => type)
        assert.includeMembers(types, ["tool:request", "tool:response"])
        const { json } = yield* Http.post(strata.url, "/v1/sessions/searching/verify", {})
        assert.strictEqual(field(json, "status"), "identical", JSON.stringify(json))
      })),
    60_000
  )

  it.live(
    "given a search that is refused, then the item says that it failed, and the model reads why",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client } = yield* given(() => ScriptedAnswer.json(429, { detail: { error: "Too many." } }))
        const { output } = yield* ask(() => client.responses.create(asking()))
        assert.deepInclude(output[0] as object, { type: "web_search_call", status: "failed" })
        assert.include(messageOf(output).text, "HTTP 429")
      })),
    60_000
  )

  it.live(
    "given the tool is chosen, in its older version too, then the model is asked to call it",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, upstream } = yield* given()
        const type = "web_search_preview" as const
        yield* ask(() => client.responses.create(asking({ tools: [{ type }], tool_choice: { type } })))
        assert.deepStrictEqual(field(upstream.received[0]?.body, "tool_choice"), {
          type: "function",
          function: { name: "web_search" }
        })
      })),
    60_000
  )

  it.live(
    "given a response in the background, then its search is an item, and the session verifies offline",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { asking, client, strata, web } = yield* given()
        const headers = { "x-strata-session-id": "later" }
        const queued = yield* ask(() => client.responses.create({ ...asking(), background: true }, { headers }))
        const events = yield* ask(async () => {
          const all: Array<OpenAI.Responses.ResponseStreamEvent> = []
          for await (const event of await client.responses.retrieve(queued.id, { stream: true })) all.push(event)
          return all
        })
        assert.include(events.map(({ type }) => type), "response.web_search_call.searching")
        const { output, status } = yield* ask(() => client.responses.retrieve(queued.id))
        assert.strictEqual(status, "completed")
        assert.deepInclude(output[0] as object, { type: "web_search_call", status: "completed" })
        assert.strictEqual(messageOf(output).annotations[0]?.type, "url_citation")
        assert.strictEqual(web.received.length, 1)
        const { json } = yield* Http.post(strata.url, "/v1/sessions/later/verify", {})
        assert.deepInclude(json as object, { status: "identical", requests: 2, skipped: [] })
      })),
    60_000
  )

  it.live(
    "given a turn whose tools are the provider's, when the model asks, then it searches, and the session verifies offline",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const { strata, web } = yield* given()
        const [group] = listOf(field((yield* Http.send(strata.url, "/v1/toolgroups")).json, "data"))
        const turn = yield* Http.post(strata.url, "/v1/sessions/turning/turns", {
          model: "upstream/m",
          tool_groups: [field(group, "identifier")],
          input: "call web_search snow"
        })
        assert.strictEqual(turn.status, 200, turn.text)
        assert.deepInclude(turn.json as object, { status: "completed" })
        assert.include(turn.text, "Snow is cold.")
        assert.deepInclude(web.received[0]?.body as object, { query: "snow" })
        const types = (yield* strata.events({ sessionId: "turning" })).map(({ type }) => type)
        assert.includeMembers(types, ["tool:request", "tool:response"])
        const { json } = yield* Http.post(strata.url, "/v1/sessions/turning/verify", {})
        assert.deepInclude(json as object, { status: "identical", requests: 1, skipped: [] })
      })),
    60_000
  )

  const named = {
    type: "function",
    name: "web_search",
    description: "Searches our own pages.",
    parameters: { type: "object", properties: { query: { type: "string" } } },
    strict: null
  } as const

  for (
    const [what, tools] of [["alone", [named]], ["beside the tool", [named, { type: "web_search" } as const]]] as const
  ) {
    it.live(
      `given a function of the client's of the same name, ${what}, then its call is the client's to make`,
      () =>
        Effect.scoped(Effect.gen(function*() {
          const { asking, client, web } = yield* given()
          const { id, output } = yield* ask(() => client.responses.create(asking({ tools })))
          const [call] = output
          assert.deepInclude(call as object, { type: "function_call", name: "web_search", status: "completed" })
          assert.strictEqual(web.received.length, 0)
          if (call?.type !== "function_call") return
          const next = yield* ask(() =>
            client.responses.create(asking({
              tools,
              previous_response_id: id,
              input: [{ type: "function_call_output", call_id: call.call_id, output: "Snow lies on page 3." }]
            }))
          )
          assert.include(messageOf(next.output).text, "page 3")
        })),
      60_000
    )
  }

  it.live(
    "given nobody searches the web here, then 400 says what to add",
    () =>
      Effect.scoped(Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: model })
        const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
        const error = yield* refusal(() =>
          clientOf(strata).responses.create({ model: "upstream/m", input: "snow", tools: [{ type: "web_search" }] })
        )
        assert.instanceOf(error, BadRequestError)
        assert.include(String(field(error, "message")), "add remote::tavily-search")
        assert.strictEqual(field(error, "code"), "unsupported_tool")
        assert.strictEqual(upstream.received.length, 0)
      })),
    60_000
  )
})

describe("the tool's name", () => {
  it("is that of any of its versions", () => {
    for (const type of ["web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"]) {
      assert.isTrue(WebSearch.isTool({ type }), type)
    }
    for (const type of ["web_searcher", "file_search", 1, null]) {
      assert.isFalse(WebSearch.isTool({ type }), String(type))
    }
  })
})
