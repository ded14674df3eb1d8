/** What a client gets of a response that searches, event by event: each step of the search, and the text as it grows. */
// @effect-diagnostics asyncFunction:off
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type OpenAI from "openai"
import { ask } from "./FilesWorld.ts"

export const streamedSearch = Effect.fnUntraced(function*(
  client: OpenAI,
  body: OpenAI.Responses.ResponseCreateParamsNonStreaming,
  tool: "file_search" | "web_search"
) {
  const events = yield* ask(async () => {
    const all: Array<OpenAI.Responses.ResponseStreamEvent> = []
    for await (const event of await client.responses.create({ ...body, stream: true })) all.push(event)
    return all
  })
  const types = events.map(({ type }) => type)
  for (const type of ["in_progress", "searching", "completed"]) assert.include(types, `response.${tool}_call.${type}`)
  assert.include(types, "response.output_text.annotation.added")
  const last = events.at(-1)!
  if (last.type !== "response.completed") return assert.fail(last.type)
  const text = events.flatMap((event) => event.type === "response.output_text.delta" ? [event.delta] : []).join("")
  return { output: last.response.output, text }
})
