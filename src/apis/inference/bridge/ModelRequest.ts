/** What a model is asked through `effect/ai`, as a call on the wire. */
import { Context, Result, Schema } from "effect"
import { AiError, OpenAiStructuredOutput, Tool } from "effect/ai"
import type { LanguageModel } from "effect/ai"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import type { WireCall } from "../../../kernel/dialects/WireCall.ts"
import type { ChatRequest } from "../../../kernel/messages/ChatRequest.ts"
import type { Degradation } from "../../../kernel/messages/ChatResponse.ts"
import type { ToolChoice, ToolSpec } from "../../../kernel/messages/Tools.ts"
import * as PromptMessages from "./PromptMessages.ts"

/** What a request says besides its prompt and its tools, in the canonical model's words. */
export type Parameters = Partial<Omit<ChatRequest, "messages" | "model" | "tools" | "tool_choice" | "stream">>

/**
 * Of the requests within.
 *
 * @example
 * Effect.provideService(LanguageModel.generateText({ prompt }), CurrentParameters, { temperature: 0 })
 */
export const CurrentParameters = Context.Reference<Parameters>(
  "strata/apis/inference/bridge/ModelRequest/CurrentParameters",
  { defaultValue: () => ({}) }
)

export interface ModelRequest {
  readonly call: WireCall
  readonly request: ChatRequest
  /** What the dialect can't say. */
  readonly degradations: ReadonlyArray<Degradation>
}

type Refused = AiError.AiErrorReason

const decodeJson = Schema.decodeUnknownSync(Schema.JsonObject)

/** A JSON Schema as JSON: nothing in it is undefined. */
const asJson = (schema: unknown): Schema.JsonObject => decodeJson(JSON.parse(JSON.stringify(schema)))

const schemaOf = (of: () => unknown): Result.Result<Schema.JsonObject, Refused> =>
  Result.try({
    try: () => asJson(of()),
    catch: (error) => new AiError.UnsupportedSchemaError({ description: String(error) })
  })

const toolOf = (tool: Tool.Any): Result.Result<ToolSpec, Refused> => {
  if (Tool.isProviderDefined(tool)) {
    const description = "it is a tool of one vendor, and Strata asks any: define it with Tool.make"
    return Result.fail(new AiError.ToolConfigurationError({ toolName: tool.name, description }))
  }
  const description = Tool.getDescription(tool)
  const strict = Tool.getStrictMode(tool)
  return Result.map(schemaOf(() => Tool.getJsonSchema(tool)), (parameters) => ({
    name: tool.name,
    parameters,
    ...description === undefined ? {} : { description },
    ...strict === undefined ? {} : { strict }
  }))
}

/** Those that may be called are all that are named: `oneOf` has chosen already. */
const choiceOf = (choice: LanguageModel.ToolChoice<string>): ToolChoice => {
  if (typeof choice === "string") return choice
  return "tool" in choice ? { name: choice.tool } : choice.mode ?? "auto"
}

const formatOf = (
  format: LanguageModel.ProviderOptions["responseFormat"]
): Result.Result<Pick<ChatRequest, "response_format">, Refused> => {
  if (format.type === "text") return Result.succeed({})
  const schema = schemaOf(() => OpenAiStructuredOutput.toCodecOpenAI(format.schema as Schema.Codec<unknown>).jsonSchema)
  return Result.map(schema, (json_schema) => ({
    response_format: { type: "json_schema", name: format.objectName, json_schema, strict: true }
  }))
}

const requestOf = (
  { prompt, responseFormat, toolChoice, tools }: LanguageModel.ProviderOptions,
  model: string,
  parameters: Parameters
): Result.Result<ChatRequest, Refused> =>
  Result.gen(function*() {
    const messages = yield* Result.mapError(
      PromptMessages.of(prompt),
      (description) => new AiError.InvalidUserInputError({ description })
    )
    const specs = yield* Result.all(tools.map(toolOf))
    return {
      ...parameters,
      ...yield* formatOf(responseFormat),
      model,
      messages,
      ...specs.length === 0 ? {} : { tools: specs, tool_choice: choiceOf(toolChoice) }
    }
  })

export const of = (
  options: LanguageModel.ProviderOptions,
  { model, parameters, stream }: { readonly model: string; readonly parameters: Parameters; readonly stream: boolean }
): Result.Result<ModelRequest, Refused> =>
  Result.gen(function*() {
    const request = { ...yield* requestOf(options, model, parameters), ...stream ? { stream } : {} }
    const lowered = yield* Result.mapError(
      chat.lower.request(request),
      ({ message, param }) =>
        new AiError.InvalidRequestError({ description: message, ...param === undefined ? {} : { parameter: param } })
    )
    const body = stream ? chat.lower.withUsage?.(lowered.body) ?? lowered.body : lowered.body
    return {
      request,
      degradations: lowered.degradations,
      call: { dialect: chat, model, stream, body, text: JSON.stringify(body) }
    }
  })
