/** OpenAI's Agents SDK, which asks a Strata for responses. */
import { OpenAIProvider, Runner } from "@openai/agents"
import OpenAI from "openai"

export const runnerAt = (url: string) =>
  new Runner({
    tracingDisabled: true,
    modelProvider: new OpenAIProvider({
      openAIClient: new OpenAI({ baseURL: `${url}/v1`, apiKey: "key", maxRetries: 0 }) as never,
      useResponses: true
    })
  })
