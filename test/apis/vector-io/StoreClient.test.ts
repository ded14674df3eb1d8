import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as StoreClient from "../../../src/apis/vector-io/StoreClient.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", {
  message: Schema.String,
  status: Schema.Int
}) {}

class Missing extends Schema.TaggedError<Missing>()("Missing", {
  message: Schema.String,
  code: Schema.String
}) {}

interface Client {
  readonly closed: () => void
}

const given = (options: Partial<StoreClient.Options<object, Client>> = {}) =>
  StoreClient.make<object, Client>({
    provider: "vectors",
    address: "http://store",
    package: "store-client",
    timeoutMs: 1000,
    load: () => Promise.resolve({}),
    connect: () => ({ closed: () => undefined }),
    failureOf: (cause) =>
      cause instanceof Refused ? StoreClient.refusal(cause.status, cause.message, "api_key") : undefined,
    ...options
  })

describe("the client of a product", () => {
  it.effect("names its package and the command where it is not installed", () =>
    Effect.gen(function*() {
      const missing = new Missing({ code: "ERR_MODULE_NOT_FOUND", message: "Cannot find package 'store-client'" })
      const { message } = yield* Effect.flip(Effect.scoped(given({ load: () => Promise.reject(missing) })))
      assert.include(message, "it needs the package store-client, which is not installed: run npm install store-client")
      const broken = yield* Effect.flip(Effect.scoped(given({ load: () => Promise.reject(new TypeError("broken")) })))
      assert.include(broken.message, "the package store-client can't be loaded: broken")
    }))

  it.effect("connects once for all who ask, again where that failed, and closes at the end", () =>
    Effect.gen(function*() {
      let connected = 0
      let closed = 0
      yield* Effect.scoped(Effect.gen(function*() {
        const { ask } = yield* given({
          connect: () => {
            if (++connected === 1) throw new TypeError("fetch failed")
            return { closed: () => void closed++ }
          },
          close: (client) => client.closed()
        })
        const first = yield* Effect.flip(ask(() => Promise.resolve(1)))
        assert.deepInclude(first, { reason: "unreachable", detail: "http://store: fetch failed" })
        const questions = [1, 2, 3].map((each) => ask(() => Promise.resolve(each)))
        assert.deepStrictEqual(yield* Effect.all(questions, { concurrency: "unbounded" }), [1, 2, 3])
        assert.deepStrictEqual([connected, closed], [2, 0])
      }))
      assert.strictEqual(closed, 1)
    }))

  it.effect("says what to set where it is refused, and what the product says else", () =>
    Effect.scoped(Effect.gen(function*() {
      const { ask } = yield* given()
      const of = (cause: Error) => Effect.flip(ask(() => Promise.reject(cause)))
      const unauthorized = yield* of(new Refused({ status: 401, message: "who?" }))
      assert.deepInclude(unauthorized, { reason: "rejected", detail: "401 who?: set api_key of the provider" })
      const forbidden = yield* of(new Refused({ status: 403, message: "no" }))
      assert.deepInclude(forbidden, { reason: "rejected", detail: "403 no: api_key of the provider may not" })
      const other = yield* of(new RangeError("full"))
      assert.deepInclude(other, { reason: "failed", detail: "full" })
    })))

  it.live("waits no longer than it may", () =>
    Effect.scoped(Effect.gen(function*() {
      const { ask } = yield* given({ timeoutMs: 20 })
      const { promise } = Promise.withResolvers<never>()
      const late = yield* Effect.flip(ask(() => promise))
      assert.deepInclude(late, { reason: "timeout", detail: "http://store: no answer in 20 ms" })
    })))
})
