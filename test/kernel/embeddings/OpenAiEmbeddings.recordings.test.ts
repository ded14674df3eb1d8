/** Embeddings that OpenAI really made reach a client as they came, and verify. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as EmbeddingVector from "../../../src/kernel/embeddings/EmbeddingVector.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Recordings } from "../../support/Recordings.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf, listOf } from "../../support/strict/StrictVendor.ts"
import { verify } from "../../support/verify.ts"

const recorded = () =>
  Recordings.load({ endpoint: "/v1/embeddings" })
    .flatMap(({ answer, request }) => answer._tag === "Json" ? [{ request, body: answer.body }] : [])

const vectorsOf = (body: unknown) => listOf(fieldsOf(body)["data"]).map(({ embedding }) => embedding)

describe.skipIf(!Recordings.available)(`OpenAiEmbeddings, recorded traffic ${Recordings.reason}`, () => {
  it.live("passes recorded answers field by field, in both encodings", () =>
    Effect.gen(function*() {
      const exchanges = recorded()
      assert.isAbove(exchanges.length, 0)
      let [current] = exchanges
      const vendor = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, current!.body) })
      const strata = yield* Strata.make({ level: "raw", providers: [Strata.openAi(vendor, {}, "v")] })
      for (const exchange of exchanges) {
        current = exchange
        const { body, request } = exchange
        const ask = (more: object) =>
          Http.post(strata.url, "/v1/embeddings", { ...request, model: `v/${String(request["model"])}`, ...more }, {
            "x-strata-session-id": "s"
          })
        assert.deepStrictEqual((yield* ask({})).json, body)
        assert.deepStrictEqual(vendor.received.at(-1)?.body, request)
        const base64 = vectorsOf((yield* ask({ encoding_format: "base64" })).json)
        assert.deepStrictEqual(
          base64.map((text) => Array.from(EmbeddingVector.fromBase64(String(text)) ?? [])),
          vectorsOf(body).map((vector) => (vector as ReadonlyArray<number>).map(Math.fround))
        )
      }
      yield* strata.close
      const [report] = yield* verify(strata.folder, ["s"])
      assert.deepInclude(report, { requests: 2 * exchanges.length, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))
})
