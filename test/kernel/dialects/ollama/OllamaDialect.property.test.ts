/** Whatever conversation it is: it is said again in the same words, streams add up, and nothing that comes makes it throw. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ollama } from "../../../../src/kernel/dialects/ollama/OllamaDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/ollama/SentWire.ts"
import { assertSame, dialectProperties, lowered, pieces, raised, wired } from "../../../support/DialectProperties.ts"

const words = Schema.Literals(["Rain. ", "4 °C", "🌧", "{\"a\":1}", "\n"])
const Call = Schema.Struct({
  id: Schema.optionalKey(Schema.Literals(["call_1", "call_2"])),
  function: Schema.Struct({ name: Schema.Literals(["f", "g"]), arguments: Schema.JsonObject })
})
const Exchange = Schema.Struct({
  user: words,
  images: Schema.optionalKey(Schema.Literals(["iVBORw0KGgo=", "/9j/4AAQ"])),
  thinking: Schema.optionalKey(words),
  content: words,
  call: Schema.optionalKey(Call),
  more: Schema.Record(Schema.Literals(["of_tomorrow"]), Schema.JsonObject)
})

const messagesOf = (exchanges: ReadonlyArray<typeof Exchange.Type>): ReadonlyArray<Schema.JsonObject> =>
  exchanges.flatMap(({ call, content, images, more, thinking, user }, at) => {
    const id = `call_${at}`
    return [
      { ...more, role: "user", content: user, ...images === undefined ? {} : { images: [images] } },
      {
        role: "assistant",
        content,
        ...thinking === undefined ? {} : { thinking },
        ...call === undefined ? {} : { tool_calls: [{ ...call, id }] }
      },
      ...call === undefined
        ? []
        : [{ role: "tool", content: user, tool_name: call.function.name, tool_call_id: id }]
    ]
  })

const Options = Schema.Struct({
  num_ctx: Schema.optionalKey(Schema.Int),
  num_predict: Schema.optionalKey(Schema.Int),
  temperature: Schema.optionalKey(Schema.Finite),
  top_k: Schema.optionalKey(Schema.Int),
  stop: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  mirostat: Schema.optionalKey(Schema.Json)
})

describe("OllamaDialect", () => {
  it.prop(
    "says any request again in the same words",
    {
      exchanges: Schema.NonEmptyArray(Exchange),
      options: Options,
      think: Schema.UndefinedOr(Schema.Literals([true, false, "low", "medium", "high", "odd"])),
      format: Schema.UndefinedOr(Schema.Union([Schema.Literals(["json"]), Schema.JsonObject])),
      keep_alive: Schema.UndefinedOr(Schema.Union([Schema.Int, Schema.Literals(["5m"])])),
      stream: Schema.Boolean
    },
    ({ exchanges, format, keep_alive, options, stream, think }) => {
      const body = wired({
        model: "m",
        messages: messagesOf(exchanges),
        tools: [{ type: "function", function: { name: "f", description: "F.", parameters: { type: "object" } } }],
        format,
        keep_alive,
        think,
        ...Object.keys(wired(options)).length === 0 ? {} : { options },
        stream
      })
      const { body: again, degradations } = lowered(ollama, raised(ollama, body))
      assert.deepStrictEqual<unknown>(again, body)
      assert.isEmpty(degradations)
      Schema.decodeUnknownSync(SentRequest)(again)
    }
  )

  it.prop(
    "says any answer again in the same words, and reads the same from a stream of it",
    {
      thinking: Schema.UndefinedOr(Schema.NonEmptyString),
      content: Schema.String,
      calls: Schema.Array(Call).check(Schema.isMaxLength(3)),
      reason: Schema.UndefinedOr(Schema.Literals(["stop", "length", "load"])),
      counts: Schema.UndefinedOr(Schema.Struct({ prompt: Schema.Int, output: Schema.Int })),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))
    },
    ({ calls, content, counts, length, reason, thinking }) => {
      const head = { model: "m", created_at: "2026-11-26T12:00:00.123456789Z" }
      const tool_calls = calls.map((call, at) => ({ ...call, id: `call_${at}` }))
      const end = wired({
        done: true,
        done_reason: reason,
        total_duration: 5,
        load_duration: 1,
        ...counts === undefined
          ? {}
          : { prompt_eval_count: Math.abs(counts.prompt), eval_count: Math.abs(counts.output) }
      })
      const body = wired({
        ...head,
        message: {
          role: "assistant",
          content,
          thinking,
          ...calls.length === 0 ? {} : { tool_calls }
        },
        ...end
      })
      const line = (message: object) => ({
        ...head,
        message: { role: "assistant", content: "", ...message },
        done: false
      })
      const lines = [
        ...thinking === undefined ? [] : pieces(thinking, length).map((thinking) => line({ thinking })),
        ...content === "" ? [] : pieces(content, length).map((content) => line({ content })),
        ...tool_calls.map((call) => line({ tool_calls: [call] })),
        { ...head, message: { role: "assistant", content: "" }, ...end }
      ]
      assertSame(ollama, body, lines.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""))
    }
  )

  dialectProperties(ollama, SentRequest, ["m"])
})
