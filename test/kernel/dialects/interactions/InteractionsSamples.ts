/** Conversations of Interactions, and what of them and over them does not survive a trip, and why. */
import type { KnownChange } from "../LosslessChanges.ts"
import { answered, asked } from "../LosslessChanges.ts"
import type { Sample } from "../LosslessSamples.ts"

export const interactionsRequests: ReadonlyArray<Sample> = [
  {
    name: "a conversation with thoughts, calls and images",
    body: {
      model: "m",
      input: [
        {
          type: "user_input",
          content: [{ type: "text", text: "What is this?" }, { type: "image", data: "AA==", mime_type: "image/png" }]
        },
        { type: "thought", signature: "c2lnbmVk", summary: [{ type: "text", text: "A dot." }] },
        { type: "model_output", content: [{ type: "text", text: "I look it up." }] },
        { type: "function_call", id: "call_1", name: "f", arguments: { a: 1 }, signature: "QUJD" },
        { type: "function_result", call_id: "call_1", name: "f", result: "a dot" },
        { type: "user_input", content: [{ type: "text", text: "Sure?" }] }
      ],
      system_instruction: "Be brief.",
      tools: [{ type: "function", name: "f", description: "F.", parameters: { type: "object" } }, {
        type: "google_search"
      }],
      generation_config: {
        temperature: 0.5,
        top_p: 0.9,
        seed: 7,
        max_output_tokens: 100,
        stop_sequences: ["end"],
        thinking_level: "low",
        tool_choice: "auto"
      },
      response_format: { type: "text", mime_type: "application/json", schema: { type: "object" } }
    }
  }
]

export const interactionsAnswers: ReadonlyArray<Sample> = [
  {
    name: "thoughts, text and a call",
    body: {
      id: "v1_1",
      object: "interaction",
      role: "model",
      model: "m",
      status: "requires_action",
      created: "2026-04-16T14:31:42Z",
      updated: "2026-04-16T14:31:42Z",
      steps: [
        { type: "thought", signature: "c2lnbmVk", summary: [{ type: "text", text: "Look it up." }] },
        { type: "model_output", content: [{ type: "text", text: "One moment." }] },
        { type: "function_call", id: "call_1", name: "f", arguments: { a: 1 } }
      ],
      usage: {
        total_input_tokens: 4,
        total_output_tokens: 3,
        total_thought_tokens: 2,
        total_cached_tokens: 1,
        total_tool_use_tokens: 0,
        total_tokens: 9
      }
    }
  }
]

export const changes: ReadonlyArray<KnownChange> = [
  asked(
    "gemini",
    ["interactions"],
    ["lost .generationConfig.frequencyPenalty", "lost .generationConfig.presencePenalty"],
    "Interactions have no such setting: a degradation."
  ),
  answered(
    "gemini",
    ["interactions"],
    ["added .candidates[].finishReason", "lost .candidates[].finishReason"],
    "An interaction is complete or not: that a filter ended it has no word of its own."
  ),
  asked(
    "interactions",
    ["chat"],
    ["lost .input[].signature", "lost .input[].summary", "lost .input[].type"],
    "Thoughts and signatures of a Gemini model are not for others: a degradation. They come back with the next request."
  ),
  asked(
    "interactions",
    ["chat", "gemini"],
    ["lost .tools[].type"],
    "A tool that Google does itself, which stands for nothing elsewhere."
  ),
  answered(
    "interactions",
    ["chat", "gemini"],
    ["lost .usage.total_tool_use_tokens"],
    "Zero: what it counts is in the sums, which survive."
  )
]
