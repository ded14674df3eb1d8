/** What a client reads where the vendor's connection breaks in mid-stream: an error in its own dialect, in which its client reads it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const chunk = {
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { role: "assistant", content: "Hel" }, finish_reason: null }]
}

const breaking: ScriptedAnswer = {
  _tag: "Frames",
  frames: [{ text: `data: ${JSON.stringify(chunk)}\n\n` }],
  destroyAfter: 1
}

const asked = { model: "upstream/m", stream: true }
const messages = [{ role: "user", content: "Hello?" }]

/** By path: what is asked, and how an error is told there. */
const clients = [
  ["/v1/chat/completions", { ...asked, messages }, { error: { type: "upstream_error", code: "provider_unreachable" } }],
  ["/v1/messages", { ...asked, messages, max_tokens: 5 }, { type: "error", error: { type: "api_error" } }],
  ["/v1/interactions", { ...asked, input: "Hello?" }, {
    event_type: "error",
    error: { reason: "provider_unreachable" }
  }]
] as const

describe("a stream whose vendor's connection breaks", () => {
  it.live.each(clients)(
    "at %s ends in an error as its clients read it",
    ([path, body, expected]) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: () => breaking, models: ["m"] })
        const { url } = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
        const { text } = yield* Http.post(url, path, body)
        assert.include(text, "Hel")
        const last = text.trim().split("\n\n").at(-1)!
        const error = parse(last.slice(last.indexOf("data: ") + "data: ".length)) as object
        const { error: given, ...frame } = expected
        assert.deepInclude(error, frame)
        assert.deepInclude((error as { readonly error: object }).error, given)
        assert.include(text, "could not be reached")
      }).pipe(Effect.scoped)
  )
})
