/** One suite over both layers: what `effect/ai` asks reaches the vendor, and what the vendor says comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream, Tracer } from "effect"
import { LanguageModel, Prompt, Tool, Toolkit } from "effect/ai"
import type { Response } from "effect/ai"
import { CurrentParameters } from "../../../../src/apis/inference/bridge/ModelRequest.ts"
import * as StrataLanguageModel from "../../../../src/apis/inference/bridge/StrataLanguageModel.ts"
import * as BridgedStrata from "../../../support/BridgedStrata.ts"
import type { ReceivedRequest } from "../../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import type { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Verify from "../../../support/verify.ts"
import { bodyOf, chunks, completion, streams } from "./Answers.ts"

type Json = Schema.JsonObject

const weather = Tool.make("weather", {
  description: "The weather in a city, now.",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.Struct({ sky: Schema.String })
})
const toolkit = Toolkit.make(weather)
const handlers = toolkit.toLayer({ weather: ({ city }) => Effect.succeed({ sky: `rain in ${city}` }) })

const toolCalls = [
  { id: "call_1", type: "function", function: { name: "weather", arguments: "{\"city\":\"Oslo\"}" } },
  { id: "call_2", type: "function", function: { name: "weather", arguments: "{\"city\":\"Rome\"}" } }
]

/** The same in pieces, side by side. */
const toolPieces: ReadonlyArray<Json> = [
  ...toolCalls.map(({ function: { name }, id, type }, index) => ({
    tool_calls: [{ index, id, type, function: { name, arguments: "" } }]
  })),
  ...toolCalls.map(({ function: { arguments: text } }, index) => ({
    tool_calls: [{ index, function: { arguments: text.slice(0, 6) } }]
  })),
  ...toolCalls.map(({ function: { arguments: text } }, index) => ({
    tool_calls: [{ index, function: { arguments: text.slice(6) } }]
  }))
]

const model = (name = "openai/m", session = "s") => StrataLanguageModel.layer({ model: name, session })

const partsOf = <T extends Response.AnyPart>(parts: ReadonlyArray<T>, type: string) =>
  parts.filter((part) => part.type === type)

describe.each(BridgedStrata.ways)("a language model of effect/ai, %s", (way) => {
  const given = (respond: (request: ReceivedRequest) => ScriptedAnswer | undefined) =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond })
      const { by, strata } = yield* BridgedStrata.make([BridgedStrata.openAi(vendor)])
      const ask = <A, E>(effect: Effect.Effect<A, E, LanguageModel.LanguageModel>, name?: string) =>
        by(way)(Effect.provide(effect, model(name)))
      return { vendor, strata, ask }
    })

  it.live("answers with text, usage and who answered, and the request is recorded", () =>
    Effect.gen(function*() {
      const { ask, strata, vendor } = yield* given(() => completion({ content: "It rains." }))
      const answer = yield* ask(
        LanguageModel.generateText({
          prompt: [{ role: "system", content: "Be short." }, { role: "user", content: "Oslo?" }]
        }).pipe(Effect.provideService(CurrentParameters, { temperature: 0, max_output_tokens: 9 }))
      )
      assert.strictEqual(answer.text, "It rains.")
      assert.strictEqual(answer.finishReason, "stop")
      assert.deepStrictEqual({ ...answer.usage.inputTokens }, {
        uncached: 20,
        total: 30,
        cacheRead: 10,
        cacheWrite: undefined
      })
      assert.deepStrictEqual({ ...answer.usage.outputTokens }, { total: 20, text: 8, reasoning: 12 })
      const [metadata] = partsOf(answer.content, "response-metadata") as ReadonlyArray<Response.ResponseMetadataPart>
      assert.deepInclude(metadata, { id: "chatcmpl-7", modelId: "m-2025" })
      const body = bodyOf(vendor.received[0]!)
      assert.deepInclude(body, { model: "m", temperature: 0, max_completion_tokens: 9 })
      assert.deepStrictEqual(body["messages"], [
        { role: "system", content: "Be short." },
        { role: "user", content: "Oslo?" }
      ])
      const [finish] = partsOf(answer.content, "finish") as ReadonlyArray<Response.FinishPart>
      const recorded = Strata.ofClients(yield* strata.events({ types: ["api:request"] }))
      assert.deepInclude(finish!.metadata["strata"], { session_id: "s", request_id: recorded[0]!.requestId })
      assert.deepStrictEqual((yield* Verify.verify(strata.folder, ["s"])).map(({ divergence }) => divergence), [
        undefined
      ])
    }).pipe(Effect.scoped))

  it.live("streams text piece by piece", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(() => chunks({ content: "It " }, { content: "rains." }))
      const parts = yield* ask(Stream.runCollect(LanguageModel.streamText({ prompt: "Oslo?" })))
      assert.deepStrictEqual(parts.map(({ type }) => type), [
        "response-metadata",
        "text-start",
        "text-delta",
        "text-delta",
        "text-end",
        "finish"
      ])
      assert.deepStrictEqual(bodyOf(vendor.received[0]!)["stream_options"], { include_usage: true })
      const [finish] = partsOf(parts, "finish") as ReadonlyArray<Response.FinishPart>
      assert.strictEqual(finish!.usage.inputTokens.total, 30)
    }).pipe(Effect.scoped))

  it.live("gives an object that fits its Schema, optional fields too", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(() => completion({ content: "{\"city\":\"Oslo\",\"mood\":null}" }))
      const answer = yield* ask(LanguageModel.generateObject({
        prompt: "Where?",
        objectName: "place",
        schema: Schema.Struct({ city: Schema.String, mood: Schema.optionalKey(Schema.String) })
      }))
      assert.deepStrictEqual(answer.value, { city: "Oslo" })
      const { json_schema, type } = bodyOf(vendor.received[0]!)["response_format"]
      assert.strictEqual(type, "json_schema")
      assert.deepInclude(json_schema, { name: "place", strict: true })
      assert.deepStrictEqual(json_schema.schema.required, ["city", "mood"])
    }).pipe(Effect.scoped))

  it.live.each([false, true])(
    "runs parallel calls of tools and sends their results (streamed: %s)",
    (stream) =>
      Effect.gen(function*() {
        const { ask, vendor } = yield* given((request) => {
          if (bodyOf(request)["messages"].length > 1) return completion({ content: "Rain in both." })
          return streams(request) ? chunks(...toolPieces) : completion({ tool_calls: toolCalls }, "tool_calls")
        })
        const question = Prompt.make("Oslo and Rome?")
        const asked = { prompt: question, toolkit, toolChoice: "required" } as const
        const parts: ReadonlyArray<Response.AnyPart> = stream
          ? yield* ask(Effect.provide(Stream.runCollect(LanguageModel.streamText(asked)), handlers))
          : (yield* ask(Effect.provide(LanguageModel.generateText(asked), handlers))).content
        const results = partsOf(parts, "tool-result") as ReadonlyArray<
          Response.ToolResultPart<string, unknown, unknown>
        >
        assert.sameDeepMembers(results.map(({ id, result }) => [id, result]), [
          ["call_1", { sky: "rain in Oslo" }],
          ["call_2", { sky: "rain in Rome" }]
        ])
        assert.strictEqual((partsOf(parts, "finish")[0] as Response.FinishPart).reason, "tool-calls")
        if (stream) {
          const deltas = partsOf(parts, "tool-params-delta") as ReadonlyArray<Response.ToolParamsDeltaPart>
          assert.strictEqual(
            deltas.filter(({ id }) => id === "call_2").map(({ delta }) => delta).join(""),
            "{\"city\":\"Rome\"}"
          )
        }
        const body = bodyOf(vendor.received[0]!)
        assert.strictEqual(body["tool_choice"], "required")
        assert.deepInclude(body["tools"][0].function, { name: "weather", description: "The weather in a city, now." })
        const last = yield* ask(
          LanguageModel.generateText({ prompt: Prompt.concat(question, Prompt.fromResponseParts(parts)) })
        )
        assert.strictEqual(last.text, "Rain in both.")
        const [, assistant, ...tools] = bodyOf(vendor.received[1]!)["messages"]
        assert.deepStrictEqual(assistant.tool_calls, toolCalls)
        assert.sameDeepMembers(tools, [
          { role: "tool", tool_call_id: "call_1", content: "{\"sky\":\"rain in Oslo\"}" },
          { role: "tool", tool_call_id: "call_2", content: "{\"sky\":\"rain in Rome\"}" }
        ])
      }).pipe(Effect.scoped)
  )

  it.live("sends images and documents of a prompt", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(() => completion({ content: "A cat." }))
      yield* ask(LanguageModel.generateText({
        prompt: [{
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) },
            { type: "file", mediaType: "image/*", data: new URL("https://example.com/a.png") },
            { type: "file", mediaType: "application/pdf", fileName: "a.pdf", data: new Uint8Array([4]) }
          ]
        }]
      }))
      assert.deepStrictEqual(bodyOf(vendor.received[0]!)["messages"][0].content, [
        { type: "text", text: "What is it?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BA==" } }
      ])
    }).pipe(Effect.scoped))

  it.live("says in its span who was asked, and what it cost in tokens", () =>
    Effect.gen(function*() {
      const spans: Array<Tracer.NativeSpan> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      const { ask } = yield* given(() => completion({ content: "It rains." }))
      yield* Effect.withTracer(
        ask(
          LanguageModel.generateText({ prompt: "Oslo?" }).pipe(
            Effect.provideService(CurrentParameters, { temperature: 0.5 })
          )
        ),
        tracer
      )
      const span = spans.find(({ name }) => name === "LanguageModel.generateText")!
      const attributes = Object.fromEntries(span.attributes)
      assert.deepInclude(attributes, {
        "gen_ai.provider.name": "strata",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "openai/m",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.response.id": "chatcmpl-7",
        "gen_ai.response.model": "m-2025",
        "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.output_tokens": 20,
        "strata.session.id": "s"
      })
      assert.deepStrictEqual(attributes["gen_ai.response.finish_reasons"], ["stop"])
    }).pipe(Effect.scoped))
})
