/** Requests of the Responses dialect as Strata writes them: stricter than what is read. */
import { Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"

const wholeParts: ReadonlySet<string> = new Set([
  "input_image",
  "input_file",
  "input_audio",
  "output_text",
  "refusal"
])

export const InputPart = Schema.Union([
  openStruct({ type: Schema.Literal("input_text"), text: Schema.String }),
  openStruct({
    type: Schema.Literal("input_image"),
    image_url: Schema.String.annotate({
      description: "Of the web, or with the data.",
      examples: ["https://example.com/a.png"]
    }),
    detail: Schema.Literals(["auto", "low", "high", "original"])
  }),
  openStruct({
    type: Schema.String.check(
      Schema.makeFilter((type) => wholeParts.has(type) || "a part of this type has other fields")
    )
  })
]).annotate({
  description: "What is put to a model; one that names a file of the vendor's goes back as it came.",
  examples: [{ type: "input_text", text: "What is this?" }]
})

const OutputPart = Schema.Union([
  openStruct({
    type: Schema.Literal("output_text"),
    text: Schema.String,
    annotations: Schema.Array(Schema.JsonObject)
  }),
  openStruct({ type: Schema.Literal("refusal"), refusal: Schema.String })
])

const SentUserMessage = openStruct({
  type: Schema.Literal("message"),
  role: Schema.Literals(["user", "system", "developer"]),
  content: Schema.Union([Schema.String, Schema.NonEmptyArray(InputPart)])
})

const SentAnswer = openStruct({
  type: Schema.Literal("message"),
  role: Schema.Literal("assistant"),
  content: Schema.Union([Schema.String, Schema.NonEmptyArray(OutputPart)])
})

export const SentCall = openStruct({
  type: Schema.Literal("function_call"),
  call_id: Schema.String.annotate({ description: "Its result names it.", examples: ["call_1"] }),
  name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
  arguments: Schema.String.annotate({ description: "JSON text.", examples: ["{\"city\":\"Oslo\"}"] })
})

export const SentResult = openStruct({
  type: Schema.Literal("function_call_output"),
  call_id: Schema.String,
  output: Schema.Union([Schema.String, Schema.NonEmptyArray(InputPart)])
})

export const SentReasoning = openStruct({
  type: Schema.Literal("reasoning"),
  summary: Schema.Array(openStruct({ type: Schema.Literal("summary_text"), text: Schema.String })),
  encrypted_content: Schema.optionalKey(Schema.String)
})

const written = ["message", "function_call", "function_call_output", "reasoning"] as const
const isWritten: ReadonlySet<unknown> = new Set(written)

/** What only the vendor knows goes back as it came. */
const OtherItem = openStruct({
  type: Schema.optionalKey(Schema.String.check(
    Schema.makeFilter((type) => !isWritten.has(type) || `a ${type} item has other fields`)
  ))
})

export const SentItem = Schema.Union([
  SentUserMessage,
  SentAnswer,
  SentCall,
  SentResult,
  SentReasoning,
  OtherItem
]).annotate({ description: "A step of the conversation, with what its type asks for." })

export const SentFunction = openStruct({
  type: Schema.Literal("function"),
  name: Schema.String,
  parameters: Schema.JsonObject,
  strict: Schema.NullOr(Schema.Boolean).annotate({ description: "Null: as the vendor decides.", examples: [false] })
})

const OtherTool = openStruct({
  type: Schema.String.check(Schema.makeFilter((type) => type !== "function" || "a function has other fields"))
})

export const SentRequest = openStruct({
  model: Schema.optionalKey(Schema.String),
  instructions: Schema.optionalKey(Schema.String),
  input: Schema.optionalKey(Schema.NonEmptyArray(SentItem)),
  tools: Schema.optionalKey(Schema.NonEmptyArray(Schema.Union([SentFunction, OtherTool]))),
  store: Schema.Boolean.annotate({ description: "Whether the vendor keeps the answer.", examples: [false] }),
  include: Schema.optionalKey(Schema.NonEmptyArray(Schema.String)),
  stream: Schema.optionalKey(Schema.Boolean),
  temperature: Schema.optionalKey(Schema.Finite),
  top_p: Schema.optionalKey(Schema.Finite),
  max_output_tokens: Schema.optionalKey(Schema.Int),
  parallel_tool_calls: Schema.optionalKey(Schema.Boolean),
  user: Schema.optionalKey(Schema.String),
  metadata: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
}).annotate({
  identifier: "SentResponsesRequest",
  description: "A request of the Responses dialect as Strata writes it.",
  examples: [{
    model: "gpt-5",
    input: [{ type: "message", role: "user", content: "What is the weather in Oslo?" }],
    store: false,
    include: ["reasoning.encrypted_content"]
  }]
})
