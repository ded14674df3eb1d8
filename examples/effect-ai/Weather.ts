/** Asks a model for the weather with a tool of its own, through `effect/ai`: any Strata answers, and records all of it. */
import { Effect, Schema } from "effect"
import { Chat, Tool, Toolkit } from "effect/ai"

const weather = Tool.make("weather", {
  description: "The weather in a city, now.",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String
})

const toolkit = Toolkit.make(weather)

const handlers = toolkit.toLayer({ weather: ({ city }) => Effect.succeed(`rain in ${city}, 4 °C`) })

/** Asks again as long as the model calls tools, at most `turns` times. */
export const answer = (question: string, turns = 5) =>
  Effect.gen(function*() {
    const chat = yield* Chat.empty
    let { text, toolCalls } = yield* chat.generateText({ prompt: question, toolkit })
    for (let turn = 1; toolCalls.length > 0 && turn < turns; turn++) {
      const next = yield* chat.generateText({ prompt: [], toolkit })
      text = next.text
      toolCalls = next.toolCalls
    }
    return text
  }).pipe(Effect.provide(handlers))
