/** Bedrock's Converse as Strata asks it: stricter than what is read, so that the vendor refuses nothing of it. */
import { Schema } from "effect"
import { openStruct } from "../../../events/types/OpenSchema.ts"

export const imageFormats = ["png", "jpeg", "gif", "webp"] as const

const between = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))

/** Of tools, and of their calls' ids. */
export const toolName = /^[a-zA-Z0-9_-]{1,64}$/

const name = Schema.String.check(Schema.isPattern(toolName)).annotate({
  description: "At most 64 letters, digits, _ and -.",
  examples: ["get_weather"]
})

const text = Schema.NonEmptyString.annotate({ description: "Never blank.", examples: ["It is raining."] })
const image = openStruct({
  format: Schema.Literals(imageFormats),
  source: Schema.JsonObject.annotate({ description: "`bytes`, Base64.", examples: [{ bytes: "iVBORw0KGgo=" }] })
})

const modeled = ["text", "image", "toolUse", "toolResult"]

/** One of another kind goes back as it came. */
const Other = Schema.JsonObject.check(
  Schema.makeFilter((block) => !modeled.some((kind) => Object.hasOwn(block, kind)) || "a block of its kind is not so")
)

const SentBlock = Schema.Union([
  openStruct({ text }),
  openStruct({ image }),
  openStruct({ toolUse: openStruct({ toolUseId: name, name, input: Schema.JsonObject }) }),
  openStruct({
    toolResult: openStruct({
      toolUseId: name,
      content: Schema.Array(Schema.Union([
        openStruct({ text }),
        openStruct({ json: Schema.JsonObject }),
        openStruct({ image }),
        Other
      ])),
      status: Schema.optionalKey(Schema.Literals(["success", "error"]))
    })
  }),
  Other
])

const SentTool = Schema.Union([
  openStruct({
    toolSpec: openStruct({
      name,
      description: Schema.optionalKey(Schema.NonEmptyString),
      inputSchema: Schema.Struct({ json: Schema.JsonObject }),
      strict: Schema.optionalKey(Schema.Boolean)
    })
  }),
  Schema.JsonObject.check(
    Schema.makeFilter((tool) => !Object.hasOwn(tool, "toolSpec") || "a tool has a name and a schema")
  )
])

export const SentRequest = openStruct({
  messages: Schema.NonEmptyArray(openStruct({
    role: Schema.Literals(["user", "assistant"]),
    content: Schema.NonEmptyArray(SentBlock)
  })),
  system: Schema.optionalKey(Schema.NonEmptyArray(Schema.Union([openStruct({ text }), Other]))),
  inferenceConfig: Schema.optionalKey(openStruct({
    maxTokens: Schema.optionalKey(Schema.Int),
    temperature: Schema.optionalKey(between(0, 1)),
    topP: Schema.optionalKey(between(0, 1)),
    stopSequences: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString))
  })),
  toolConfig: Schema.optionalKey(openStruct({
    tools: Schema.NonEmptyArray(SentTool),
    toolChoice: Schema.optionalKey(Schema.JsonObject)
  })),
  additionalModelRequestFields: Schema.optionalKey(Schema.JsonObject)
}).annotate({
  description: "A request as Strata writes it.",
  examples: [{ messages: [{ role: "user", content: [{ text: "Hello?" }] }] }]
})
export type SentRequest = typeof SentRequest.Type
