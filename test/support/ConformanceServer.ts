/** The tools, prompts and resources that @modelcontextprotocol/conformance asks a server for, as code registers them. */
// @effect-diagnostics globalErrorInEffectFailure:off
import { Effect, Layer, Schema, Stream } from "effect"
import * as McpContributions from "../../src/apis/mcp/McpContributions.ts"
import * as Tool from "../../src/kernel/tools/Tool.ts"
import type { ToolCallResult } from "../../src/kernel/tools/ToolCallResult.ts"
import * as ToolContributions from "../../src/kernel/tools/ToolContributions.ts"
import { CurrentToolHost } from "../../src/kernel/tools/ToolHost.ts"

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
const wav = Buffer.concat([
  Buffer.from("RIFF$\0\0\0WAVEfmt ", "latin1"),
  Buffer.from([16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]),
  Buffer.from("data\0\0\0\0", "latin1")
]).toString("base64")

const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } } as const

const result = (...content: ToolCallResult["content"]): Effect.Effect<ToolCallResult> =>
  Effect.succeed({ content, is_error: false })

const ask = (request: string, params: Schema.JsonObject) =>
  Effect.flatMap(CurrentToolHost, (host) => host.ask(request, params))

const elicit = (message: string, properties: Schema.JsonObject, required: ReadonlyArray<string> = []) =>
  ask("elicitation/create", { message, requestedSchema: { type: "object", properties, required } })

const completed = (answer: Schema.JsonObject) =>
  `Elicitation completed: action=${String(answer["action"])}, content=${JSON.stringify(answer["content"])}`

const text = (type: string, fields: Schema.JsonObject = {}) => ({ type, ...fields })

const titled = (values: ReadonlyArray<string>, titles: ReadonlyArray<string>) =>
  values.map((value, index) => ({ const: value, title: titles[index]! }))

const tools = [
  Tool.make({
    name: "test_simple_text",
    description: "Text.",
    execute: () => Effect.succeed("This is a simple text response for testing.")
  }),
  Tool.make({ name: "test_image_content", description: "An image.", execute: () => result(image) }),
  Tool.make({
    name: "test_audio_content",
    description: "Sound.",
    execute: () => result({ type: "audio", data: wav, mime_type: "audio/wav" })
  }),
  Tool.make({
    name: "test_embedded_resource",
    description: "A resource.",
    execute: () =>
      result({
        type: "resource",
        uri: "test://embedded-resource",
        mime_type: "text/plain",
        text: "This is an embedded resource content."
      })
  }),
  Tool.make({
    name: "test_multiple_content_types",
    description: "Several.",
    execute: () =>
      result({ type: "text", text: "Multiple content types test:" }, image, {
        type: "resource",
        uri: "test://mixed-content-resource",
        mime_type: "application/json",
        text: JSON.stringify({ test: "data", value: 123 })
      })
  }),
  Tool.make({
    name: "test_tool_with_logging",
    description: "Logs.",
    execute: Effect.fnUntraced(function*() {
      const { log } = yield* CurrentToolHost
      yield* log("info", "Tool execution started")
      yield* Effect.sleep("50 millis")
      yield* log("info", "Tool processing data")
      yield* Effect.sleep("50 millis")
      yield* log("info", "Tool execution completed")
      return "done"
    })
  }),
  Tool.make({
    name: "test_error_handling",
    description: "Fails.",
    execute: () => Effect.fail(new Error("This tool intentionally returns an error for testing"))
  }),
  Tool.make({
    name: "test_tool_with_progress",
    description: "Goes on.",
    execute: Effect.fnUntraced(function*() {
      const { progress } = yield* CurrentToolHost
      for (const at of [0, 50, 100]) {
        yield* progress({ progress: at, total: 100 })
        yield* Effect.sleep("50 millis")
      }
      return "done"
    })
  }),
  Tool.make({
    name: "test_sampling",
    description: "Asks the client's model.",
    input: Schema.Struct({ prompt: Schema.String }),
    execute: ({ prompt }) =>
      Effect.map(
        ask("sampling/createMessage", {
          messages: [{ role: "user", content: { type: "text", text: prompt } }],
          maxTokens: 100
        }),
        ({ content }) => `LLM response: ${JSON.stringify(content)}`
      )
  }),
  Tool.make({
    name: "test_elicitation",
    description: "Asks the user.",
    input: Schema.Struct({ message: Schema.String }),
    execute: ({ message }) =>
      Effect.map(
        elicit(message, {
          username: text("string", { description: "User's response" }),
          email: text("string", { description: "User's email address" })
        }, ["username", "email"]),
        (answer) => `User response: ${JSON.stringify(answer)}`
      )
  }),
  Tool.make({
    name: "test_elicitation_sep1034_defaults",
    description: "Asks the user, with defaults.",
    execute: () =>
      Effect.map(
        elicit("Please confirm", {
          name: text("string", { default: "John Doe" }),
          age: text("integer", { default: 30 }),
          score: text("number", { default: 95.5 }),
          status: text("string", { enum: ["active", "inactive", "pending"], default: "active" }),
          verified: text("boolean", { default: true })
        }),
        completed
      )
  }),
  Tool.make({
    name: "test_elicitation_sep1330_enums",
    description: "Asks the user to choose.",
    execute: () => {
      const options = ["option1", "option2", "option3"]
      const [values, choices] = [["value1", "value2", "value3"], ["First", "Second", "Third"]]
      return Effect.map(
        elicit("Please choose", {
          untitledSingle: text("string", { enum: options }),
          titledSingle: text("string", { oneOf: titled(values!, choices!.map((each) => `${each} Option`)) }),
          legacyEnum: text("string", {
            enum: ["opt1", "opt2", "opt3"],
            enumNames: ["Option One", "Option Two", "Option Three"]
          }),
          untitledMulti: text("array", { items: { type: "string", enum: options } }),
          titledMulti: text("array", { items: { anyOf: titled(values!, choices!.map((each) => `${each} Choice`)) } })
        }),
        completed
      )
    }
  }),
  Tool.make({
    name: "test_reconnection",
    description: "Lets go of the stream and answers later.",
    execute: Effect.fnUntraced(function*() {
      yield* (yield* CurrentToolHost).release
      yield* Effect.sleep("100 millis")
      return "Reconnection test completed successfully"
    })
  }),
  Tool.make({
    name: "json_schema_2020_12_tool",
    description: "Tool with JSON Schema 2020-12 features",
    input_schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: { type: "object", properties: { street: { type: "string" }, city: { type: "string" } } }
      },
      properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
      additionalProperties: false
    },
    execute: () => Effect.succeed("done")
  })
]

const user = (content: McpContributions.PromptMessage["content"]): McpContributions.PromptMessage => ({
  role: "user",
  content
})

const prompts: ReadonlyArray<McpContributions.Prompt> = [
  {
    name: "test_simple_prompt",
    description: "Simple.",
    get: () => Effect.succeed([user({ type: "text", text: "This is a simple prompt for testing." })])
  },
  {
    name: "test_prompt_with_arguments",
    description: "With arguments.",
    arguments: [
      {
        name: "arg1",
        description: "First test argument",
        required: true,
        complete: (typed) => Effect.succeed(["paris", "park", "party"].filter((each) => each.startsWith(typed)))
      },
      { name: "arg2", description: "Second test argument", required: true }
    ],
    get: ({ arg1, arg2 }) =>
      Effect.succeed([user({ type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` })])
  },
  {
    name: "test_prompt_with_embedded_resource",
    description: "With a resource.",
    arguments: [{ name: "resourceUri", description: "URI of the resource to embed", required: true }],
    get: ({ resourceUri = "" }) =>
      Effect.succeed([
        user({
          type: "resource",
          uri: resourceUri,
          mime_type: "text/plain",
          text: "Embedded resource content for testing."
        }),
        user({ type: "text", text: "Please process the embedded resource above." })
      ])
  },
  {
    name: "test_prompt_with_image",
    description: "With an image.",
    get: () => Effect.succeed([user(image), user({ type: "text", text: "Please analyze the image above." })])
  }
]

const resources: ReadonlyArray<McpContributions.McpResource> = [
  {
    uri: "test://static-text",
    name: "Static text",
    description: "Text that stays.",
    mime_type: "text/plain",
    read: Effect.succeed({ text: "This is the content of the static text resource." })
  },
  {
    uri: "test://static-binary",
    name: "Static binary",
    description: "Bytes that stay.",
    mime_type: "image/png",
    read: Effect.succeed({ blob: Buffer.from(png, "base64") })
  },
  {
    uri: "test://watched-resource",
    name: "Watched",
    description: "Text that changes.",
    mime_type: "text/plain",
    read: Effect.succeed({ text: "now" }),
    changes: Stream.never
  },
  {
    uri_template: "test://template/{id}/data",
    name: "Template",
    description: "One for each id.",
    mime_type: "application/json",
    read: ({ id }) => Effect.succeed({ text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) })
  }
]

export const extensions = Layer.merge(
  ToolContributions.contribute("conformance", tools),
  McpContributions.contribute("conformance", { prompts, resources })
)
