/** What a vendor's list says of its models, `GET /v1/models` says of them, too. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const vendors = [
  {
    type: "anthropic",
    id: "claude-1",
    list: {
      data: [{ type: "model", id: "claude-1", display_name: "Claude One", created_at: "2026-01-02T03:04:05Z" }, {}],
      has_more: false
    },
    created: 1767323045,
    metadata: { display_name: "Claude One" }
  },
  {
    type: "gemini",
    id: "gemini-1",
    list: {
      models: [
        {
          name: "models/gemini-1",
          displayName: "Gemini One",
          inputTokenLimit: 1000000,
          outputTokenLimit: 64000,
          thinking: true,
          supportedGenerationMethods: ["generateContent", "countTokens"]
        },
        { name: "models/video-1", supportedGenerationMethods: ["predictLongRunning"] }
      ]
    },
    created: 0,
    metadata: {
      display_name: "Gemini One",
      context_window: 1000000,
      max_output_tokens: 64000,
      capabilities: ["tools", "streaming", "thinking"]
    }
  }
]

const decode = Schema.decodeUnknownSync(
  Schema.Struct({
    data: Schema.Array(
      Schema.Struct({ id: Schema.String, created: Schema.Int, custom_metadata: Schema.JsonObject })
    )
  })
)

describe("a model that its vendor describes", () => {
  it.live.each(vendors)(
    "of $type is listed with what there is to know",
    ({ created, id, list, metadata, type }) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ list: () => ScriptedAnswer.json(200, list) })
        const config = { base_url: upstream.url, api_key: "sk-vendor-secret-0123456789" }
        const providers = [{ provider_id: type, provider_type: `remote::${type}`, config }]
        const strata = yield* Strata.make({ providers })
        const { json } = yield* Http.send(strata.url, "/v1/models")
        const [model, ...others] = decode(json).data
        assert.deepStrictEqual(others, [])
        assert.deepInclude(model, { id: `${type}/${id}`, created })
        assert.deepInclude(model?.custom_metadata, metadata)
      }).pipe(Effect.scoped)
  )
})
