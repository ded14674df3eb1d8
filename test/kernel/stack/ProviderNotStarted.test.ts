/** Why a server does not start without a provider: which it is, where it stands, and what to do. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger } from "effect"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as ProviderNotStarted from "../../../src/kernel/stack/ProviderNotStarted.ts"
import { planned } from "../../support/PlannedProvider.ts"

const secrets = new Secrets()
secrets.add("Known-key-1")

const failing = Effect.fnUntraced(function*(cause: Cause.Cause<unknown>) {
  const logged: Array<string> = []
  const error = yield* ProviderNotStarted.fail(planned("a"), cause).pipe(
    Effect.flip,
    Effect.provide(Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])),
    Effect.provideService(ConfiguredSecrets, secrets)
  )
  return { error, log: logged.join("\n") }
})

const which = "The provider inference/a (remote::vendor), providers.inference[0], can't start: "
const mend = "Mend it, or take out its `required: true`: then the server starts without it."
const tell = "Tell its author what the log says, and take providers.inference[0] out of the configuration until then."

const rows = [
  { name: "a failure", cause: Cause.fail({ message: "no license." }), message: `${which}no license. ${mend}` },
  {
    name: "a failure that tells secrets",
    cause: Cause.fail(new Error("Known-key-1 rejected: password=hunter2xyz9")),
    message: `${which}[REDACTED] rejected: password=[REDACTED]. ${mend}`
  },
  {
    name: "a bug",
    cause: Cause.die(new Error("Known-key-1 is not a function")),
    message: `${which}a bug in the provider type: [REDACTED] is not a function. ${tell}`
  },
  {
    name: "a bug beside a failure",
    cause: Cause.combine(Cause.fail("no license"), Cause.die("dead")),
    message: `${which}a bug in the provider type: dead. ${tell}`
  }
]

describe("ProviderNotStarted", () => {
  it.effect.each(rows)(
    "says of $name which provider, why, and the remedy",
    ({ cause, message }) =>
      Effect.gen(function*() {
        assert.strictEqual((yield* failing(cause)).error.message, message)
      })
  )

  it.effect("logs the stack of a bug alone, without its secrets", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failing(Cause.fail("no license"))).log, "")
      const { log } = yield* failing(Cause.die(new Error("Known-key-1 is not a function")))
      assert.match(log, /inference\/a has a bug,Error: \[REDACTED\] is not a function\n {4}at /)
    }))
})
