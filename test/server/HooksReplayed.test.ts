/** Sessions with hooks run again without them, from what was recorded of their decisions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import type { Hook } from "../../src/kernel/hooks/Hook.ts"
import { body, given, payloads, replaysIdentical, rewrites, says, session, typesOf } from "../support/HookedStrata.ts"
import * as RowsOfFacts from "../support/RowsOfFacts.ts"
import { Sdk } from "../support/Sdk.ts"
import { verify } from "../support/verify.ts"

/** Changes every payload of a type in the file of a server that is gone. */
const change = (folder: string, type: string, from: string, to: string) =>
  Effect.sync(() => {
    const database = RowsOfFacts.open(join(folder, "strata.db"))
    const done = database.prepare("UPDATE events SET payload = replace(payload, ?, ?) WHERE type = ?").run(
      from,
      to,
      type
    )
    database.close()
    assert.strictEqual(Number(done.changes), 1)
  })

describe("a recorded decision that is altered", () => {
  const altered = ["hook:decided:raw", "llm:request:raw"]
  it.live.each(altered)("in %s is found, with its place", (type) =>
    Effect.gen(function*() {
      const { client, strata } = yield* given([rewrites("llm:request", "555-1234", "[NUMBER]")])
      yield* Sdk.create(client, body)
      yield* strata.close
      yield* change(strata.folder, type, "[NUMBER]", "[JUMBLE]")
      const [report] = yield* verify(strata.folder, [session])
      assert.deepInclude(report?.divergence, { type, altered: true })
    }))

  it.live("so that it is none any more is found", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* given([rewrites("llm:request", "555-1234", "[NUMBER]")])
      yield* Sdk.create(client, body)
      yield* strata.close
      yield* change(strata.folder, "hook:decided:raw", `"modify\\"`, `"perhaps\\"`)
      const [report] = yield* verify(strata.folder, [session])
      assert.deepInclude(report?.divergence, { type: "hook:decided:raw", altered: true })
    }))
})

describe("hooks on both sides, in a session of several requests", () => {
  it.live("replay each at its place", () =>
    Effect.gen(function*() {
      const every: Hook = {
        name: "counter",
        pattern: "llm:*",
        handler: ({ data, type }) =>
          Effect.succeed(
            JSON.stringify(data).includes("odd") || type === "llm:response"
              ? { action: "modify", data: { ...data, user: type } }
              : { action: "continue" }
          )
      }
      const { client, strata, upstream } = yield* given([
        every,
        says("llm:request", { action: "continue" }, { handler: () => Effect.fail("always") })
      ])
      for (const [index, text] of ["odd", "even", "odd"].entries()) {
        const ask = { ...body, messages: [{ role: "user" as const, content: text }] }
        yield* index === 2 ? Sdk.collect(client, ask) : Sdk.create(client, ask)
      }
      assert.lengthOf(yield* payloads(strata, "hook:failed"), 3)
      assert.lengthOf(yield* payloads(strata, "hook:decided"), 5)
      yield* replaysIdentical(strata, upstream, 3)
    }))

  it.live("that continue in silence leave the log as it is without them", () =>
    Effect.gen(function*() {
      const { client, strata } = yield* given([says("*", { action: "continue" })])
      yield* Sdk.create(client, body)
      const types = ["session:start", "api:request", "llm:request", "llm:response", "api:response"]
      assert.deepStrictEqual(yield* typesOf(strata), types)
    }))
})
