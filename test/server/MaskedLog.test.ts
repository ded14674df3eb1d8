/** The secrets of a provider's configuration: not in the log lines, not in the API, not in the events. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Layer, Logger, Redacted, Schema } from "effect"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { ConfiguredSecrets, Secrets } from "../../src/events/redaction/Secrets.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import * as MaskedLog from "../../src/server/MaskedLog.ts"
import { Chat } from "../support/Chat.ts"
import { Http } from "../support/Http.ts"
import { Strata } from "../support/Strata.ts"

const telling = Provider.make({
  api: InferenceApi,
  type: "inline::telling",
  description: "Tells its keys when it is asked.",
  config: Schema.Struct({ vault: Schema.Struct({ pin: Schema.RedactedFromValue(Schema.String) }) }),
  requires: [],
  layer: ({ vault: { pin } }, { provider_id }) =>
    Layer.succeed(InferenceProvider, {
      complete: () => Effect.die(new Error(`no answer for ${Redacted.value(pin)}`)),
      models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: provider_id }]) }
    })
})

/** What is logged, as a logger is told. */
const logging = () => {
  const lines: Array<string> = []
  const logger = Logger.make(({ cause, message }) => void lines.push(`${String(message)} ${Cause.pretty(cause)}`))
  return { lines, layer: Logger.layer([logger]) }
}

describe("MaskedLog", () => {
  it.live("tells nobody a secret that stands deep in a configuration, whatever its provider does", () =>
    Effect.gen(function*() {
      const { layer, lines } = logging()
      const entry = { provider_id: "p", provider_type: telling.type, config: { vault: { pin: "Pin-plain-987" } } }
      const strata = yield* Effect.provide(Strata.make({ providers: [entry], types: [telling] }), layer)
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "p/m" })).status, 500)
      assert.include(lines.join("\n"), "no answer for [REDACTED]")
      const providers = yield* Http.send(strata.url, "/v1/providers")
      assert.include(providers.text, `"config":{"vault":{"pin":"[REDACTED]"}}`)
      const events = JSON.stringify(yield* strata.events())
      for (const text of [lines.join("\n"), providers.text, events]) assert.notInclude(text, "Pin-plain-987")
    }))

  it.effect("masks messages, errors and causes, and leaves the rest", () =>
    Effect.gen(function*() {
      const { layer, lines } = logging()
      const secrets = new Secrets()
      secrets.add("Known-key-1")
      yield* Effect.gen(function*() {
        yield* Effect.logInfo("Known-key-1", 7, "of http://u:letters@h")
        yield* Effect.logError(new Error("Known-key-1 failed"))
        yield* Effect.logError("it died", Cause.die(new Error("Known-key-1 died")))
      }).pipe(
        Effect.provide(MaskedLog.layer.pipe(Layer.provide(layer))),
        Effect.provideService(ConfiguredSecrets, secrets)
      )
      const [plain = "", failed = "", died = ""] = lines
      assert.strictEqual(plain, "[REDACTED],7,of http://u:[REDACTED]@h ")
      assert.match(failed, /^Error: \[REDACTED\] failed\n {4}at /)
      assert.match(died, /^it died,Error: \[REDACTED\] died\n {4}at /)
    }))
})
