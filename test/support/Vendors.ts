/** Fake vendors of several dialects, as a configuration names them. */
import type { Schema } from "effect"
import type { ProviderEntry } from "../../src/kernel/provider/ProviderEntry.ts"
import type { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

/** A key that must reach no event, no log line and no client. */
export const vendorKey = "sk-vendor-secret-0123456789abcdef"

/** `type`: `anthropic`, `gemini`, `openai`. The instance has the same name. */
export const entry = (type: string, upstream: FakeUpstream, config: ProviderEntry["config"] = {}): ProviderEntry => ({
  provider_id: type,
  provider_type: `remote::${type}`,
  config: { base_url: upstream.url, api_key: vendorKey, models: ["m"], ...config }
})

/** A message as Anthropic answers it. */
export const message = (content: ReadonlyArray<Schema.JsonObject>, more: Schema.JsonObject = {}) =>
  ScriptedAnswer.json(200, {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-1",
    content,
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
    ...more
  })

/** A stream of events as Anthropic sends it: each with its type as its name. */
export const messageEvents = (...events: ReadonlyArray<{ readonly type: string }>): ScriptedAnswer =>
  frames(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))

/** Server-sent events as they go over the wire. */
export const frames = (texts: ReadonlyArray<string | Uint8Array>, more: object = {}): ScriptedAnswer => ({
  _tag: "Frames",
  headers: { "content-type": "text/event-stream" },
  frames: texts.map((text) => ({ text })),
  ...more
})
