/** A test of a client, against a Strata alone, and against one whose every provider is another Strata. */
import { assert, it } from "@effect/vitest"
import { Effect, Scope, Struct } from "effect"
import type { Configuration } from "../../src/kernel/configuration/Configuration.ts"
import * as Outcome from "../../src/kernel/replay/Outcome.ts"
import { registry } from "../../src/providers/Registry.ts"
import type * as Verifier from "../../src/server/Verifier.ts"
import type { Strata, StrataOptions } from "./Strata.ts"
import { Arrangement } from "./Strata.ts"
import { eventsOf, verify } from "./verify.ts"

type Start = (options: StrataOptions) => Effect.Effect<Strata, never, Scope.Scope>

interface Server {
  readonly side: "front" | "back"
  readonly strata: Strata
  readonly options: StrataOptions
}

const apisOfStrata = new Set<string>(
  registry.filter(({ type }) => type === "remote::strata").map(({ api }) => api.name)
)

/** What the front has: of each API that the back has providers of, the back. */
const remote = (back: Strata, more: Configuration["providers"]): Configuration["providers"] => {
  const far = [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: back.url } }]
  return Object.fromEntries(Object.keys(more).filter((api) => apisOfStrata.has(api)).map((api) => [api, far]))
}

const before = (servers: Array<Server>, scope: Scope.Scope) => (start: Start): Start =>
  Effect.fnUntraced(
    function*(options) {
      const { more = {}, providers = [] } = options
      // Who asks, and how often, is the front's affair.
      const back = yield* start(Struct.omit(options, ["auth", "folder", "port", "quota"]))
      const { inference = [], ...others } = remote(back, { inference: providers, ...more })
      const same = Struct.omit(options, ["extensions", "models", "more", "providers", "toolGroups", "types"])
      const front = yield* start({ ...same, providers: inference, more: others })
      servers.push({ side: "front", strata: front, options: same }, { side: "back", strata: back, options })
      return front
    },
    // A test may close its scope at its end: the servers are to be verified then.
    Effect.provideService(Scope.Scope, scope)
  )

/** Why a session that ran well can't be run again: nobody knows all of its requests or answers. */
const incomplete = new Set([
  "the client left before the answer was complete",
  "it was not recorded at raw level",
  "it changes sessions or registries themselves, and is not run again",
  "its body was longer than the server takes, and is not kept"
])

const isExcused = ({ skipped, ...report }: Verifier.Report): boolean =>
  Outcome.statusOf({ skipped, ...report }) === "not_verifiable" && skipped.every(({ reason }) => incomplete.has(reason))

/** The server is stopped; sessions that run again otherwise than they ran, and whether a model was asked in any. */
const check = Effect.fnUntraced(function*({ options: { external = [], types = registry }, side, strata }: Server) {
  yield* strata.close
  const events = yield* eventsOf(strata.folder)
  const sessions = new Set(events.flatMap(({ sessionId }) => sessionId ?? []))
  const reports = yield* verify(strata.folder, sessions, external, types)
  return {
    asked: events.some(({ sessionId, type }) => sessionId !== undefined && type === "llm:request"),
    others: reports.flatMap((report) => {
      const status = Outcome.statusOf(report)
      return status === "identical" || isExcused(report) ? [] : [{ side, status, ...report }]
    })
  }
})

/** Both servers are stopped, and every session of either is verified from its data folder alone. */
const verified = Effect.fnUntraced(function*(servers: ReadonlyArray<Server>) {
  assert.isAbove(servers.length, 0, "the test has started no server")
  const checked = yield* Effect.forEach(servers, check)
  assert.deepStrictEqual(checked.flatMap(({ others }) => others), [])
  if (checked.some(({ asked }) => asked)) {
    assert.isTrue(checked.every(({ asked }) => asked), "one side recorded nothing")
  }
})

type Test = Effect.Effect<unknown, unknown, Scope.Scope>

const alone = (test: Test): Test => test

const behind = Effect.fnUntraced(function*(test: Test) {
  const servers: Array<Server> = []
  yield* Effect.provideService(test, Arrangement, before(servers, yield* Effect.scope))
  yield* verified(servers)
})

const testsBy = (by: (test: Test) => Test) => {
  const live = (name: string, test: () => Test, timeout?: number) => it.live(name, () => by(test()), timeout)
  const each = <T>(cases: ReadonlyArray<T>) => (name: string, test: (one: T) => Test, timeout?: number) =>
    it.live.each(cases)(name, (one: T) => by(test(one)), timeout)
  return { live: Object.assign(live, { each }) }
}

/**
 * `describe.each(ways)("a client of $way", ({ it }) => …)`: each of its tests, in each of the ways. `listed`: the id of a
 * model in the first server's list; `sent`: what that server asks its provider for; `stored`: of the keys in the storage, the
 * ids of the first server's files; `brokenOff`: the status in its log of an answer that breaks off.
 */
export const ways = [
  {
    way: "a Strata",
    it: testsBy(alone),
    listed: (id: string) => id,
    sent: (model: string) => model,
    stored: () => (key: string) => key,
    brokenOff: 502
  },
  {
    way: "a Strata behind a Strata",
    it: testsBy(behind),
    listed: (id: string) => `far/${id}`,
    sent: (model: string) => `upstream/${model}`,
    // The server that keeps it calls it by a name of its own.
    stored: (id: string) => () => id,
    // The server behind has begun its answer, and says in it that it can't go on.
    brokenOff: 200
  }
]
