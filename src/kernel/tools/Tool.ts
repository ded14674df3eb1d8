/**
 * A tool as code writes it. Its arguments are decoded by the Schema before it runs, and models read the JSON Schema that
 * follows from it.
 *
 * @example
 * export const weather = Tool.make({
 *   name: "get_weather",
 *   description: "The weather in a city, now.",
 *   input: Schema.Struct({ city: Schema.String }),
 *   annotations: { readOnlyHint: true },
 *   execute: ({ city }) => Effect.map(weatherOf(city), (weather) => `${city}: ${weather}`)
 * })
 */
import { Cause, Effect, Result, Schema } from "effect"
import * as ToolArguments from "./ToolArguments.ts"
import type { ToolCallResult } from "./ToolCallResult.ts"
import * as Results from "./ToolCallResult.ts"
import type { ProviderTool } from "./ToolDefinition.ts"
import * as ToolSchema from "./ToolSchema.ts"

export interface Tool {
  readonly definition: ProviderTool
  /** Never fails: what goes wrong is in the result, for the model. */
  readonly run: (given: Schema.JsonObject) => Effect.Effect<ToolCallResult>
}

export interface Options<I, O>
  extends Pick<ProviderTool, "name" | "description" | "annotations" | "requires_approval" | "metadata">
{
  /** A Struct. Default: no arguments. */
  readonly input?: Schema.Codec<I, unknown>
  /** The JSON Schema that is shown in place of the one that follows from `input`, where it says more. */
  readonly input_schema?: Schema.JsonObject
  /** What `execute` gives, where that is a value: it becomes `structured_content`, and JSON text beside it. */
  readonly output?: Schema.Codec<O, unknown>
  /** Gives a value of `output`, a text, or a whole result. */
  readonly execute: (input: I) => Effect.Effect<O | string | ToolCallResult, unknown>
}

const isResult = Schema.is(Results.ToolCallResult)

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error && error.message !== "" ? error.message : String(error)
}

export const make = <I = Record<string, never>, O = never>(options: Options<I, O>): Tool => {
  const { description, execute, input, input_schema, name, output } = options
  const schema = input ?? (Schema.Struct({}) as unknown as Schema.Codec<I, unknown>)
  const decode = ToolArguments.decoder(schema)
  const encode = output === undefined ? undefined : Schema.encodeUnknownEffect(Schema.toCodecJson(output))

  const toResult = (given: O | string | ToolCallResult): Effect.Effect<ToolCallResult, unknown> => {
    if (isResult(given)) return Effect.succeed(given)
    if (encode === undefined) {
      return Effect.succeed(Results.text(typeof given === "string" ? given : JSON.stringify(given)))
    }
    return Effect.map(encode(given), (value) => ({
      ...Results.text(JSON.stringify(value)),
      structured_content: value as Schema.Json
    }))
  }

  const ran = (input: I): Effect.Effect<ToolCallResult> =>
    Effect.suspend(() => execute(input)).pipe(
      Effect.flatMap(toResult),
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause) ? Effect.failCause(cause as Cause.Cause<never>) : Effect.as(
          Cause.hasDies(cause) ? Effect.logError(`The tool ${name} has a bug`, cause) : Effect.void,
          Results.failed(messageOf(cause))
        )
      )
    )

  return {
    definition: {
      name,
      description,
      input_schema: input_schema ?? ToolSchema.of(schema),
      ...output === undefined ? {} : { output_schema: ToolSchema.of(output) },
      ...options.annotations === undefined ? {} : { annotations: options.annotations },
      ...options.requires_approval === undefined ? {} : { requires_approval: options.requires_approval },
      ...options.metadata === undefined ? {} : { metadata: options.metadata }
    },
    run: (given) =>
      Result.match(decode(given), { onFailure: (issue) => Effect.succeed(Results.failed(issue)), onSuccess: ran })
  }
}
