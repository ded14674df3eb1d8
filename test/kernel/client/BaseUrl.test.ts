import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"

import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as BaseUrl from "../../../src/kernel/client/BaseUrl.ts"

const urlOf = (base: string, path: string) =>
  Effect.map(
    BaseUrl.prepend(BaseUrl.partsOf(base)),
    (prepend) => prepend(HttpClientRequest.post(path)).url
  )

const decode = Schema.decodeUnknownSync(BaseUrl.field)

describe("BaseUrl", () => {
  it.effect.each(
    [
      ["http://h/v1", "/chat", "http://h/v1/chat"],
      ["http://h/v1//", "/chat", "http://h/v1/chat"],
      ["http://h", "/chat", "http://h/chat"],
      ["http://h/v1?", "/chat", "http://h/v1/chat"],
      ["http://h/d/d1?api-version=2024-12-01-preview", "/chat", "http://h/d/d1/chat?api-version=2024-12-01-preview"],
      ["http://h/v1/?a=1&b=%20?", "/models?limit=2", "http://h/v1/models?a=1&b=%20?&limit=2"]
    ] as const
  )("%s asks for %s at %s", ([base, path, expected]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* urlOf(decode(base), path), expected)
    }))

  it.each([
    ["http://ada:hunter22@h/v1", /a name and a password/],
    ["http://ada@h/v1", /a name and a password/],
    ["http://h/v1#there", /behind #/],
    ["http://h/v1?a=1#", /behind #/],
    ["h/v1", /begins with https/]
  ])("refuses %s", (base, message) => assert.throws(() => decode(base), message))

  it.effect("makes what is secret in a query known", () =>
    Effect.gen(function*() {
      const secrets = new Secrets()
      yield* Effect.provideService(
        urlOf("http://h/v1?api-key=Zx9-quite-secret&v=visible-1", "/"),
        ConfiguredSecrets,
        secrets
      )
      assert.isTrue(secrets.mayStandIn("… Zx9-quite-secret …"))
      assert.isFalse(secrets.mayStandIn("visible-1"))
    }))
})
