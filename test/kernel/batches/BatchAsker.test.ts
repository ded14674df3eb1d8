/** What a vendor says of batches is read, refused or left out. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as BatchAsker from "../../../src/kernel/batches/BatchAsker.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as FakeVendor from "../../support/FakeVendor.ts"

const Line = Schema.Struct({ n: Schema.Int })

/** Its paths are behind an address. */
const at = HttpClient.mapRequest(HttpClientRequest.prependUrl("http://vendor.test"))

const askerOf = (answer: (request: HttpClientRequest.HttpClientRequest) => FakeVendor.Answer) => {
  const client = FakeVendor.make(answer)
  const headers = { "x-version": "1" }
  return { client, ...BatchAsker.make({ provider: "p", client: at(client), headers, envelope: chat.errors.envelope }) }
}

describe("BatchAsker", () => {
  it.effect("says its headers, and reads an answer", () =>
    Effect.gen(function*() {
      const { client, json } = askerOf(() => FakeVendor.json({ n: 1 }))
      assert.deepStrictEqual(yield* json(Line)(HttpClientRequest.get("/b")), { n: 1 })
      assert.strictEqual(client.received[0]?.headers["x-version"], "1")
    }))

  it.effect("fails with what is no such answer, and with the vendor's refusal", () =>
    Effect.gen(function*() {
      const { json } = askerOf(({ url }) =>
        url.endsWith("/no")
          ? FakeVendor.json({ error: { message: "Not so." } }, { status: 400 })
          : FakeVendor.json({ m: 1 })
      )
      const invalid = yield* Effect.flip(json(Line)(HttpClientRequest.get("/b")))
      assert.deepInclude(invalid, { _tag: "ProviderFailed", reason: "invalid_answer" })
      const refused = yield* Effect.flip(json(Line)(HttpClientRequest.get("/no")))
      assert.deepInclude(refused, { _tag: "ProviderRejected", status: 400 })
    }))

  it.effect("leaves out lines that are none", () =>
    Effect.gen(function*() {
      const { lines } = askerOf(() => new Response("{\"n\":1}\n\nno\n{\"m\":2}\n{\"n\":3}"))
      assert.deepStrictEqual(yield* lines(Line)(HttpClientRequest.get("/b")), [{ n: 1 }, { n: 3 }])
    }))
})
