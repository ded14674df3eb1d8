/** LangChain's `ChatOpenAI` works with Strata where it uses Responses. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { HumanMessage, ToolMessage } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import { ChatOpenAI } from "@langchain/openai"
import { Effect } from "effect"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const echo = tool(({ say }: { readonly say: string }) => Promise.resolve(`echoed ${say}`), {
  name: "echo",
  description: "Says it again.",
  schema: { type: "object", properties: { say: { type: "string" } }, required: ["say"] } as const
})

const modelAt = (url: string) =>
  new ChatOpenAI({
    model: "upstream/m",
    apiKey: "key",
    useResponsesApi: true,
    maxRetries: 0,
    configuration: { baseURL: `${url}/v1` }
  })

describe.each(ways)("LangChain with useResponsesApi, before $way", ({ it }) => {
  it.live("answers, goes round with a tool, and streams", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const model = modelAt(strata.url)
        assert.strictEqual((await model.invoke("hello")).text, "You said hello")
        const question = new HumanMessage("call echo 1")
        const asked = await model.bindTools([echo]).invoke([question])
        const [call] = asked.tool_calls ?? []
        assert.strictEqual(call?.name, "echo")
        const result = new ToolMessage({ tool_call_id: call?.id ?? "", content: "echoed 1" })
        const answer = await model.bindTools([echo]).invoke([question, asked, result])
        assert.strictEqual(answer.text, "Tools said echoed 1")
        let text = ""
        for await (const chunk of await model.stream("and now?")) text += chunk.text
        assert.strictEqual(text, "You said and now?")
      })
    }).pipe(Effect.scoped), 20_000)

  it.live("fails with the status of a refusal", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({
        model: ({ method }) =>
          method === "POST" ? ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests") : undefined
      })
      const failure = yield* Effect.promise(() => modelAt(strata.url).invoke("hello").catch((error: unknown) => error))
      assert.strictEqual((failure as { readonly status?: unknown }).status, 429)
    }).pipe(Effect.scoped), 20_000)
})
