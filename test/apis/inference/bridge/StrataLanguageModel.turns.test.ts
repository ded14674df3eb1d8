/** Turns with tools and thoughts over vendors of four dialects, which take the next turn only as they gave the last. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { LanguageModel, Prompt, Tool, Toolkit } from "effect/ai"
import type { Response } from "effect/ai"
import * as StrataLanguageModel from "../../../../src/apis/inference/bridge/StrataLanguageModel.ts"
import * as BridgedStrata from "../../../support/BridgedStrata.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { inputOf, reasoning, respond } from "../../../support/ResponsesVendor.ts"
import { Strata } from "../../../support/Strata.ts"
import * as Vendors from "../../../support/Vendors.ts"
import * as Verify from "../../../support/verify.ts"
import * as Turns from "../Turns.ts"

const weather = Tool.make("weather", {
  description: "The weather in a town.",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String,
  failure: Schema.String,
  failureMode: "return"
})
const toolkit = Toolkit.make(weather)
const handlers = toolkit.toLayer({
  weather: ({ city }) => city === "Atlantis" ? Effect.fail("no such town") : Effect.succeed(`${city}: 3 C`)
})

/** Asks as long as there are tools to call. */
const converse = (stream: boolean, limit = 5) =>
  Effect.gen(function*() {
    let prompt = Prompt.make([
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Oslo and Rome?" },
          { type: "file", mediaType: "image/png", data: Turns.image }
        ]
      }
    ])
    for (let turn = 0; turn < limit; turn++) {
      const parts: ReadonlyArray<Response.AnyPart> = stream
        ? yield* Stream.runCollect(LanguageModel.streamText({ prompt, toolkit }))
        : (yield* LanguageModel.generateText({ prompt, toolkit })).content
      prompt = Prompt.concat(prompt, Prompt.fromResponseParts(parts))
      if (!parts.some(({ type }) => type === "tool-call")) return prompt
    }
    return yield* Effect.die("it goes on and on")
  }).pipe(Effect.provide(handlers))

const lastText = ({ content }: Prompt.Prompt): string =>
  JSON.stringify(content.findLast(({ role }) => role === "assistant")?.content)

const both = [false, true].flatMap((stream) => BridgedStrata.ways.map((way) => [way, stream] as const))

describe.each(both)("a conversation with tools, %s (streamed: %s)", (way, stream) => {
  it.live.each(["anthropic", "gemini", "openai"] as const)(
    "gives %s back what it signed",
    (type) =>
      Effect.gen(function*() {
        const vendor = yield* FakeUpstream.make({ respond: Turns.vendors[type] })
        const { by, strata } = yield* BridgedStrata.make([Vendors.entry(type, vendor)])
        const model = StrataLanguageModel.layer({ model: `${type}/m`, session: "s" })
        const prompt = yield* by(way)(Effect.provide(converse(stream), model))
        assert.include(lastText(prompt), "Rome is warmer.")
        assert.strictEqual(vendor.received.length, 3)
        assert.deepStrictEqual((yield* Verify.verify(strata.folder, ["s"])).map(({ divergence }) => divergence), [
          undefined
        ])
      }).pipe(Effect.scoped)
  )

  it.live("gives encrypted reasoning back to a vendor of Responses", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond })
      const { by } = yield* BridgedStrata.make([
        Strata.openAi(vendor, { api: "responses", models: ["o3"], api_key: Vendors.vendorKey }, "openai")
      ])
      const model = StrataLanguageModel.layer({ model: "openai/o3" })
      const prompt = yield* by(way)(Effect.provide(converse(stream), model))
      assert.include(lastText(prompt), "It rains.")
      const [first, second] = vendor.received.map(inputOf)
      const { encrypted_content, id } = reasoning(first!.length)
      assert.deepInclude(second!.find(({ type }) => type === "reasoning"), { encrypted_content, id })
    }).pipe(Effect.scoped))
})
