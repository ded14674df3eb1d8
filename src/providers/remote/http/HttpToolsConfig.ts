/** How tools that are HTTP requests are configured. */
import { Effect, Result, Schema } from "effect"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { flag, maximumTimerMs, text, whole } from "../../../kernel/provider/FieldSchema.ts"
import * as ToolArguments from "../../../kernel/tools/ToolArguments.ts"
import { ToolAnnotations } from "../../../kernel/tools/ToolDefinition.ts"
import * as UrlTemplate from "./UrlTemplate.ts"

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const names = Schema.makeFilter((headers: Readonly<Record<string, unknown>>) =>
  Object.keys(headers).flatMap((name) => headerName.test(name) ? [] : [{ path: [name], issue: "no name of a header" }])
)

const isTemplate = Schema.makeFilter((written: string) => UrlTemplate.problem(written) ?? true)

const isJsonSchema = Schema.makeFilter((written: Schema.JsonObject) =>
  Result.match(ToolArguments.ofJsonSchema(written), {
    onFailure: (problem) => `it can't be followed: ${problem}`,
    onSuccess: () => true
  })
)

const HttpTool = Schema.Struct({
  name: text.annotate({ description: "What models call it, for example get_weather" }),
  description: Schema.String.annotate({ description: "What it is for, for the model" }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(""))
  ),
  method: Schema.Literals(["GET", "POST", "PUT", "PATCH", "DELETE"]).annotate({
    expected: "GET, POST, PUT, PATCH or DELETE",
    description: "The request's method. Default GET.",
    default: "GET"
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed("GET" as const))),
  url: text.annotate({
    description: "Where it is sent, with places for arguments: https://api.example.com/users/{id}?fields={fields}. " +
      "What is put in is escaped; a pair of the query whose argument is absent is left out."
  }).check(isTemplate),
  headers: Schema.Record(Schema.String, Schema.String).annotate({
    expected: "a mapping of texts",
    description:
      "Headers of it, with places for arguments: {\"x-trace\": \"{trace_id}\"}. What is secret goes into the " +
      "provider's headers. Default none.",
    default: {}
  }).check(names).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  input_schema: Schema.JsonObject.annotate({
    expected: "a JSON Schema",
    description:
      "JSON Schema (2020-12) of its arguments. Those that stand neither in the URL nor in a header are the " +
      "body, as JSON, unless the method is GET or DELETE. Default: no arguments.",
    default: { type: "object", properties: {} }
  }).check(isJsonSchema).pipe(Schema.withDecodingDefaultKey(Effect.succeed({ type: "object", properties: {} }))),
  annotations: Schema.optionalKey(ToolAnnotations),
  requires_approval: Schema.optionalKey(
    flag({ description: "Somebody is to be asked before a model's call of it is made. Default false." })
  )
}).annotate({ expected: "a mapping with name and url" })
export type HttpTool = typeof HttpTool.Type

const uniqueNames = Schema.makeFilter((tools: ReadonlyArray<HttpTool>) =>
  tools.flatMap(({ name }, index) =>
    tools.findIndex((each) => each.name === name) === index
      ? []
      : [{ path: [index, "name"], issue: `there is a tool ${name} already: give each its own name` }]
  )
)

export const Config = Schema.Struct({
  tools: Schema.Array(HttpTool).check(uniqueNames).annotate({
    expected: "a list of tools, each with name and url",
    description: "The tools"
  }),
  headers: Schema.Record(Schema.String, Schema.RedactedFromValue(Schema.String)).check(names).annotate({
    expected: "a mapping of texts",
    description: "Headers of every request, such as authorization: secret, and in no event. Default none.",
    default: {}
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({})),
    FieldPrompt.annotate({ prompt: "Headers of every request" })
  ),
  timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a whole answer may take, milliseconds. Default 30000.",
    default: 30_000
  }),
  max_response_bytes: whole(1, 268_435_456, {
    description: "Longest answer, bytes; a longer one is not read to its end. Default 1048576.",
    default: 1_048_576
  }),
  allow_private_addresses: flag({
    description: "True: it may reach this machine and its network, too: loopback, private, link-local addresses. " +
      "Default false."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "It may reach this machine and its network" })
  )
})
export type Config = typeof Config.Type
