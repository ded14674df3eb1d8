/** A secret that a vendor streams in pieces: the log does not hold it, and the session is verified all the same. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"
import * as Adapters from "../../support/Adapters.ts"
import * as FramedVendor from "../../support/FramedVendor.ts"
import * as Vendors from "../../support/Vendors.ts"

const response: ChatResponse = {
  content: [
    { type: "thinking", thinking: `The key is ${Vendors.vendorKey}, it seems.` },
    { type: "text", text: `It is ${Vendors.vendorKey}` },
    { type: "tool_call", id: "call_1", name: "keep", input: { key: Vendors.vendorKey, as: "it is" } }
  ],
  stop_reason: "tool_use",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  metadata: { id: "answer-1", model: "m" }
}

/** So that a secret comes in many pieces, of which most hold nothing else. */
const inPieces = (part: StreamPart): ReadonlyArray<StreamPart> =>
  part.type === "block_delta" ? part.text.match(/[^]{1,5}/g)!.map((text) => ({ ...part, text })) : [part]

const asked = { "/v1/chat/completions": {}, "/v1/messages": { max_tokens: 100 } }

const openAiResponses: Adapters.Adapter = {
  ...Adapters.openai,
  dialect: responses,
  config: { api: "responses" }
}

const adapters = [
  Adapters.openai,
  openAiResponses,
  Adapters.claude,
  Adapters.google,
  Adapters.localOllama,
  Adapters.amazon
]

describe("a secret that a vendor streams in pieces", () => {
  const cases = adapters.flatMap((adapter) =>
    Object.entries(asked).map(([path, more]) => [adapter.dialect.name, path, adapter, more] as const)
  )
  it.live.each(cases)(
    "of %s to who asks at %s is in no event, and a verification finds the same",
    ([, path, adapter, more]) =>
      Effect.gen(function*() {
        const { add } = adapter.dialect.lower.stream()
        const parts = Translation.partsOf(response).flatMap(inPieces)
        const frames = [...parts.flatMap(add), adapter.dialect.lastFrame].filter(({ length }) => length > 0)
        const { post, strata, verified } = yield* FramedVendor.make({
          adapter,
          stream: Adapters.framesOf(adapter.dialect, frames)
        })
        const { status, text } = yield* post(path, { stream: true, ...more })
        assert.strictEqual(status, 200)
        assert.match(text, /data: /)
        assert.notMatch(JSON.stringify(yield* strata.events()), /vendo|endor|secre|ecret|234567/)
        assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
      }).pipe(Effect.scoped)
  )
})
