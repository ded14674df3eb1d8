/** A turn as a person reads it, with and without colours, and as a pipe gets it. */
import { assert, describe, it } from "@effect/vitest"
import type { TurnStreamEvent } from "../../src/apis/turns/TurnsModels.ts"
import type { Style } from "../../src/cli/ChatScreen.ts"
import { ChatScreen, styled, unstyled } from "../../src/cli/ChatScreen.ts"

const at = { sequence_number: 1, iteration: 1 }
const block = (index: number, type: string, text: string): ReadonlyArray<TurnStreamEvent> => [
  { type: "content_block.start", ...at, index, block: type },
  { type: "content_block.delta", ...at, index, text },
  { type: "content_block.end", ...at, index }
]

const events: ReadonlyArray<TurnStreamEvent> = [
  ...block(0, "thinking", "hm\u001b[2J"),
  ...block(1, "text", "I look."),
  ...block(2, "tool_call", "{\"city\":"),
  { type: "tool.started", ...at, call: { id: "1", name: "weather\u0007", arguments: { city: "Oslo\n" } } },
  { type: "tool.completed", ...at, tool_call_id: "1", tool_name: "weather", output: "rain\u001b[0m", is_error: false },
  { type: "tool.completed", ...at, tool_call_id: "2", tool_name: "weather", output: { no: 1 }, is_error: true }
]

const shown = (style: Style, onlyText: boolean): string => {
  const screen = new ChatScreen(style, onlyText)
  return events.map((event) => screen.show(event)).join("") + screen.end()
}

describe("a screen", () => {
  it("shows thoughts, answer, calls and results, a line each", () =>
    assert.strictEqual(
      shown(unstyled, false),
      "hm␛[2J\nI look.\n→ weather␇({\"city\":\"Oslo\\n\"})\n← weather: rain␛[0m\n← weather: {\"no\":1}\n"
    ))

  it("dims what is not the answer, and closes what it opens", () => {
    const text = shown(styled, false)
    assert.include(text, "\u001b[2mhm␛[2J\u001b[22m")
    assert.include(text, "\u001b[31m← weather: {\"no\":1}\u001b[39m")
    assert.include(text, "\nI look.\n")
  })

  it("shows an answer that came whole, and none twice", () => {
    const screen = new ChatScreen(unstyled, true)
    const message = { role: "assistant", content: [{ type: "text", text: "It rains.\u001b" }] } as const
    const whole: TurnStreamEvent = { type: "message.completed", ...at, message, usage: null }
    assert.strictEqual(screen.show(whole), "It rains.␛")
    const [start, delta, end] = block(0, "text", "It rains.")
    const one = new ChatScreen(unstyled, true)
    assert.strictEqual([start!, delta!, end!, whole].map((event) => one.show(event)).join(""), "It rains.")
  })

  it("is the answer alone for a pipe", () => assert.strictEqual(shown(unstyled, true), "I look.\n"))
})
