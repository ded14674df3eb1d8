/** `logging.level`: what the server prints of itself, and what it keeps to itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, Option } from "effect"
import { GlobalFlag } from "effect/cli"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import * as ApiHandlers from "../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../src/kernel/modules/ApiModule.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"

const routes = HttpApiGroup.make("talk").add(HttpApiEndpoint.get("talk", "/v1/talk"))

const all = Effect.all([
  Effect.logDebug("debug"),
  Effect.logInfo("info"),
  Effect.logWarning("warn"),
  Effect.logError("error")
], { discard: true })

const handlers = ApiHandlers.make(routes, (handlers) => handlers.handle("talk", () => all))

const talk = ApiModule.make({
  name: "talk",
  routes,
  live: () => Promise.resolve({ live: ApiModule.live({ handlers }) })
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
