/** `logging.level`: what the server prints of itself, and what it keeps to itself. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Option } from "effect"
import { GlobalFlag } from "effect/cli"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import * as ExternalApi from "../../src/kernel/modules/ExternalApi.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"

class Nothing extends Context.Service<Nothing, null>()("strata/test/server/Logging.test/Nothing") {}

const talk = ExternalApi.alone({
  name: "talk",
  group: HttpApiGroup.make("talk").add(HttpApiEndpoint.get("talk", "/v1/talk")),
  handlers: Effect.fn(function*(handlers) {
    yield* Nothing
    return handlers.handle(
      "talk",
      () =>
        Effect.all([
          Effect.logDebug("debug"),
          Effect.logInfo("info"),
          Effect.logWarning("warn"),
          Effect.logError("error")
        ], {
          discard: true
        })
    )
  }),
  layer: Layer.succeed(Nothing, null)
})

const levels = ["debug", "info", "warn", "error", "none"] as const

const printed = Effect.fnUntraced(function*(logging: (typeof levels)[number] | undefined) {
  const messages: Array<string> = []
  const logger = Logger.make(({ message }) => void messages.push(String(message)))
  const strata = yield* Effect.provide(
    Strata.make({ external: [talk], ...logging === undefined ? {} : { logging } }),
    Logger.layer([logger])
  )
  yield* Http.send(strata.url, "/v1/talk")
  return messages.filter((message) => (levels as ReadonlyArray<string>).includes(message))
})

describe("logging.level", () => {
  it.live.each(
    [
      [undefined, ["info", "warn", "error"]],
      ["debug", ["debug", "info", "warn", "error"]],
      ["warn", ["warn", "error"]],
      ["none", []]
    ] as const
  )("%s prints %o", ([level, messages]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* printed(level), [...messages])
    }))

  it.live("gives way to the flag --log-level", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* printed("debug"), ["debug", "info", "warn", "error"])
      const flagged = Effect.provideService(printed("debug"), GlobalFlag.LogLevel, Option.some("Error"))
      assert.deepStrictEqual(yield* flagged, ["error"])
    }))
})
