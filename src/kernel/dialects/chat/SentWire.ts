/** Chat completion requests as Strata writes them itself: stricter than what it lets pass. */
import { Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"
import { ChatCompletionRequest } from "./Wire.ts"

/** A kind that came in this dialect, and goes back as it came. */
const otherThan = (...kinds: ReadonlyArray<string>) =>
  openStruct({
    type: Schema.optionalKey(Schema.NullOr(
      Schema.String.check(
        Schema.makeFilter((type) => !kinds.includes(type) || `a part of type ${type} has other fields`)
      )
    ))
  })

const TextPart = openStruct({ type: Schema.Literal("text"), text: Schema.String })

/** What Strata writes into a turn of the user's. */
export const SentPart = Schema.Union([
  TextPart,
  openStruct({
    type: Schema.Literal("image_url"),
    image_url: openStruct({
      url: Schema.String.annotate({
        description: "Of the web, or with the data.",
        examples: ["https://example.com/a.png"]
      })
    })
  }),
  otherThan("text", "image_url")
]).annotate({ description: "A part of a message, with what its type asks for." })

const RefusalPart = openStruct({ type: Schema.Literal("refusal"), refusal: Schema.String })

const textOr = <Parts extends Schema.Constraint>(parts: Parts) =>
  Schema.Union([Schema.String, Schema.NonEmptyArray(parts)]).annotate({
    description: "Text, or at least one part.",
    examples: ["What is the weather in Oslo?"]
  })

const content = textOr(SentPart)
const words = textOr(Schema.Union([TextPart, otherThan("text")]))
const name = Schema.optionalKey(Schema.String)

export const SentToolCall = Schema.Union([
  openStruct({
    id: Schema.String.annotate({ description: "Its result names it.", examples: ["call_1"] }),
    type: Schema.Literal("function"),
    function: openStruct({
      name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
      arguments: Schema.String.annotate({ description: "JSON text.", examples: ["{\"city\":\"Oslo\"}"] })
    })
  }),
  otherThan("function")
]).annotate({ description: "A call a model wanted, as it goes back to it." })

export const SentMessage = Schema.Union([
  openStruct({ role: Schema.Literal("system"), content: words, name }),
  openStruct({ role: Schema.Literal("developer"), content: words, name }),
  openStruct({ role: Schema.Literal("user"), content, name }),
  openStruct({
    role: Schema.Literal("assistant"),
    content: Schema.NullOr(textOr(Schema.Union([TextPart, RefusalPart, otherThan("text", "refusal")]))),
    tool_calls: Schema.optionalKey(Schema.NonEmptyArray(SentToolCall)),
    name
  }),
  openStruct({
    role: Schema.Literal("tool"),
    tool_call_id: Schema.String.annotate({ description: "The call it answers.", examples: ["call_1"] }),
    content: words
  }),
  openStruct({
    role: Schema.Literal("function"),
    content: Schema.NullOr(Schema.String),
    name: Schema.String.annotate({ description: "The function whose result it is, in what OpenAI had before tools." })
  })
]).annotate({ description: "A message, with what its role asks for." })

export const SentTool = Schema.Union([
  openStruct({
    type: Schema.Literal("function"),
    function: openStruct({ name: Schema.String, parameters: Schema.JsonObject })
  }),
  otherThan("function")
]).annotate({ description: "A tool, as a model is told of it." })

const SentToolChoice = Schema.Union([
  Schema.Literals(["auto", "none", "required"]),
  openStruct({ type: Schema.Literal("function"), function: openStruct({ name: Schema.String }) }),
  otherThan("function")
]).annotate({ description: "Whether the model calls a tool, and which." })

const SentResponseFormat = Schema.Union([
  openStruct({ type: Schema.Literals(["text", "json_object"]) }),
  openStruct({
    type: Schema.Literal("json_schema"),
    json_schema: openStruct({ name: Schema.String, schema: Schema.optionalKey(Schema.JsonObject) })
  }),
  otherThan("text", "json_object", "json_schema")
]).annotate({ description: "The form of the answer." })

export const SentRequest = openStruct({
  ...ChatCompletionRequest.schema.fields,
  temperature: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
  top_p: Schema.optionalKey(Schema.Finite),
  max_tokens: Schema.optionalKey(Schema.Int),
  max_completion_tokens: Schema.optionalKey(Schema.Int),
  frequency_penalty: Schema.optionalKey(Schema.Finite),
  presence_penalty: Schema.optionalKey(Schema.Finite),
  seed: Schema.optionalKey(Schema.Int),
  stop: Schema.optionalKey(Schema.Union([Schema.String, Schema.NonEmptyArray(Schema.String)])),
  parallel_tool_calls: Schema.optionalKey(Schema.Boolean),
  user: Schema.optionalKey(Schema.String),
  tool_choice: Schema.optionalKey(SentToolChoice),
  response_format: Schema.optionalKey(SentResponseFormat),
  messages: Schema.NonEmptyArray(SentMessage),
  tools: Schema.optionalKey(Schema.NonEmptyArray(SentTool))
}).annotate({
  description: "A chat completion request as Strata writes it.",
  examples: [{ model: "gpt-5", messages: [{ role: "user", content: "What is the weather in Oslo?" }] }]
})
