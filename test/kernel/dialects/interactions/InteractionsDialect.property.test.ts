/** Whatever conversation it is: it is said again in the same words, streams add up, and nothing that comes makes it throw. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { earlierInteractions, interactions } from "../../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
import { CreateInteractionRequest } from "../../../../src/kernel/dialects/interactions/Wire.ts"
import { assertSame, dialectProperties, lowered, pieces, raised, wired } from "../../../support/DialectProperties.ts"

const words = Schema.Literals(["Rain. ", "4 °C", "🌧", "{\"a\":1}", "\n"])

const Step = Schema.Union([
  Schema.Struct({
    type: Schema.Literals(["model_output"]),
    content: Schema.Tuple([Schema.Struct({
      type: Schema.Literals(["text"]),
      text: words,
      annotations: Schema.optionalKey(
        Schema.NonEmptyArray(Schema.Struct({ type: Schema.Literals(["url_citation"]), url: words }))
      )
    })])
  }),
  Schema.Struct({
    type: Schema.Literals(["thought"]),
    signature: Schema.optionalKey(Schema.Literals(["c2lnbmVk", "QUJD"])),
    summary: Schema.optionalKey(Schema.Tuple([Schema.Struct({ type: Schema.Literals(["text"]), text: words })]))
  }),
  Schema.Struct({
    type: Schema.Literals(["function_call"]),
    id: Schema.Literals(["call_1", "call_2"]),
    name: Schema.Literals(["f", "g"]),
    arguments: Schema.JsonObject,
    signature: Schema.optionalKey(Schema.Literals(["c2lnbmVk"]))
  }),
  Schema.Struct({
    type: Schema.Literals(["google_search_call"]),
    id: Schema.Literals(["search_1"]),
    arguments: Schema.Struct({ queries: Schema.Tuple([words]) })
  })
])
type Step = typeof Step.Type

/** What is said in a row is one step. */
const apart = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> =>
  steps.filter((step, at) => step.type !== "model_output" || steps[at - 1]?.type !== "model_output")

const Usage = Schema.Struct({ input: Schema.Int, output: Schema.Int, thought: Schema.UndefinedOr(Schema.Int) })

const usageOf = ({ input, output, thought }: typeof Usage.Type) => ({
  total_input_tokens: Math.abs(input % 1000),
  total_output_tokens: Math.abs(output % 1000),
  total_thought_tokens: thought === undefined ? undefined : Math.abs(thought % 1000),
  total_tokens: 7,
  input_tokens_by_modality: [{ modality: "text", tokens: 4 }]
})

const bodyOf = (steps: ReadonlyArray<Step>, usage: typeof Usage.Type | undefined) => ({
  id: "v1_1",
  status: steps.some(({ type }) => type === "function_call") ? "requires_action" : "completed",
  usage: usage === undefined ? undefined : usageOf(usage),
  role: "model",
  created: "2026-04-16T14:31:42Z",
  updated: "2026-04-16T14:31:43Z",
  service_tier: "standard",
  object: "interaction",
  model: "m"
})

const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`

const deltasOf = (step: Step, length: number): readonly [start: object, ...deltas: ReadonlyArray<object>] => {
  switch (step.type) {
    case "model_output": {
      const [{ annotations, text }] = step.content
      return [
        { type: step.type },
        ...pieces(text, length).map((text) => ({ type: "text", text })),
        ...annotations === undefined ? [] : [{ type: "text_annotation", annotations }]
      ]
    }
    case "thought": {
      const { signature, summary } = step
      return [
        { type: step.type },
        ...(summary ?? []).flatMap(({ text }) =>
          pieces(text, length).map((text) => ({ type: "thought_summary", content: { type: "text", text } }))
        ),
        ...signature === undefined ? [] : [{ type: "thought_signature", signature }]
      ]
    }
    case "function_call": {
      const { arguments: input, ...rest } = step
      return [
        { ...rest, arguments: {} },
        ...pieces(JSON.stringify(input), length).map((text) => ({ type: "arguments_delta", arguments: text }))
      ]
    }
    default:
      return [step]
  }
}

/** Of the earlier form, contents other than text come whole. */
const earlierDeltasOf = (step: Step, length: number): readonly [start: object, ...deltas: ReadonlyArray<object>] => {
  if (step.type === "function_call") return [{ type: step.type }, step]
  const [start, ...deltas] = deltasOf(step, length)
  return step.type === "model_output" ? [{ type: "text", text: "" }, ...deltas] : [start, ...deltas]
}

const answers = {
  steps: Schema.Array(Step).check(Schema.isMaxLength(4)),
  usage: Schema.UndefinedOr(Usage),
  length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))
}

describe("InteractionsDialect", () => {
  it.prop(
    "says any answer again in the same words, and reads the same from a stream of it",
    answers,
    ({ length, steps: given, usage }) => {
      const steps = apart(given)
      const head = wired(bodyOf(steps, usage))
      const events = [
        { event_type: "interaction.created", interaction: { id: head.id, model: head.model, created: head.created } },
        ...steps.flatMap((step, index) => {
          const [start, ...deltas] = deltasOf(step, length)
          return [
            { event_type: "step.start", index, step: start },
            ...deltas.map((delta) => ({ event_type: "step.delta", index, delta })),
            { event_type: "step.stop", index }
          ]
        }),
        { event_type: "interaction.completed", interaction: head }
      ]
      assertSame(interactions, wired({ ...head, steps }), events.map(frame).join(""))
    }
  )

  it.prop(
    "says any answer of the earlier form again in the same words, and reads the same from a stream of it",
    answers,
    ({ length, steps: given, usage }) => {
      const steps = apart(given)
      const head = wired(bodyOf(steps, usage))
      const outputs = steps.map((step) => step.type === "model_output" ? step.content[0] : step)
      const events = [
        { event_type: "interaction.start", interaction: { id: head.id, model: head.model, created: head.created } },
        ...steps.flatMap((step, index) => {
          const [content, ...deltas] = earlierDeltasOf(step, length)
          return [
            { event_type: "content.start", index, content },
            ...deltas.map((delta) => ({ event_type: "content.delta", index, delta })),
            { event_type: "content.stop", index }
          ]
        }),
        { event_type: "interaction.complete", interaction: head }
      ]
      assertSame(earlierInteractions, wired({ ...head, outputs }), events.map(frame).join(""))
    }
  )

  it.prop(
    "says any request again in the same words",
    {
      asked: words,
      steps: answers.steps,
      result: Schema.Union([words, Schema.JsonObject]),
      temperature: Schema.UndefinedOr(Schema.Finite),
      level: Schema.UndefinedOr(Schema.Literals(["minimal", "low", "medium", "high", "xhigh"])),
      choice: Schema.UndefinedOr(Schema.Literals(["auto", "any", "none", "validated"])),
      store: Schema.UndefinedOr(Schema.Boolean),
      stream: Schema.UndefinedOr(Schema.Boolean)
    },
    ({ asked, choice, level, result, steps, store, stream, temperature }) => {
      const config = wired({ temperature, thinking_level: level, tool_choice: choice, thinking_summaries: "auto" })
      const body = wired({
        model: "m",
        input: [
          { type: "user_input", content: [{ type: "text", text: asked }] },
          ...apart(steps),
          { type: "function_call", id: "c", name: "f", arguments: {} },
          { type: "function_result", call_id: "c", name: "f", result, is_error: false },
          { type: "user_input", content: [{ type: "image", data: "AA==", mime_type: "image/png" }] }
        ],
        system_instruction: "Be brief.",
        tools: [
          { type: "google_search" },
          { type: "function", name: "f", description: "F.", parameters: { type: "object" } },
          { type: "function", name: "g" }
        ],
        generation_config: config,
        response_format: { type: "text", mime_type: "application/json", schema: { type: "object" } },
        store,
        stream
      })
      const { body: again, degradations } = lowered(interactions, raised(interactions, body))
      assert.deepStrictEqual<unknown>(again, body)
      assert.isEmpty(degradations)
    }
  )

  it.prop("reads a conversation off whatever a request is", { input: Schema.Json }, ({ input }) => {
    const { conversation } = interactions
    const messages = conversation.messages({ input }) ?? []
    for (const message of messages) {
      conversation.toolCalls(message)
      conversation.toolResults(message)
    }
    const longer = conversation.addContext({ input }, {
      text: "It rains.",
      role: "system",
      append_to_last_tool_result: true
    })
    assert.isAtLeast((conversation.messages(longer) ?? []).length, messages.length)
    assert.isTrue(Result.isResult(interactions.raise.request({ model: "m", input })))
  })

  dialectProperties(interactions, CreateInteractionRequest, ["m"])
})
