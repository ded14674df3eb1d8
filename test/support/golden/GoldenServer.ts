/** The server of a part of a run: its log a SQLite file of its own, its configuration as the seed says. */
import { NodeServices } from "@effect/platform-node"
import { Clock, Context, Effect, Layer, Random, Schema } from "effect"
import type { Scope } from "effect"
import { HttpServer } from "effect/http"
import { SeededRandom } from "../../../bench/crash/SeededRandom.ts"
import type { Inference } from "../../../src/apis/inference/Inference.ts"
import * as Serve from "../../../src/cli/Serve.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { Authentication } from "../../../src/kernel/access/AuthenticationConfiguration.ts"
import { defaults } from "../../../src/kernel/configuration/Configuration.ts"
import type { Requests } from "../../../src/kernel/requests/Requests.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Keys } from "../Keys.ts"
import * as TemporaryFolder from "../TemporaryFolder.ts"
import * as GoldenHooks from "./GoldenHooks.ts"
import { clients, vendorKey } from "./Scenario.ts"
import type { TickingClock } from "./TickingClock.ts"

/** Ids are drawn from the seed. */
const randomOf = (random: SeededRandom): Random.Random => ({
  nextDoubleUnsafe: () => random.next(),
  nextIntUnsafe: () => random.between(-(2 ** 40), 2 ** 40)
})

const authentication = Schema.decodeSync(Authentication)({
  providers: [Keys.provider(Object.fromEntries(clients.map((name, index) => [
    name,
    index === 0 ? { principal: "alice ' \" %" } : { attributes: { roles: [name, "用户"] } }
  ])))]
})

const rules = [{ pattern: "anchors?", replacement: "ware" }, { name: "temperature" }]

const settingsOf = (random: SeededRandom, folder: string, url: string) => {
  const provider = (provider_id: string, flags: Schema.JsonObject) => ({
    provider_id,
    provider_type: "remote::openai",
    config: { base_url: url, api_key: vendorKey, models: ["m"], ...flags }
  })
  const { recording, server } = defaults
  return {
    configuration: {
      ...defaults,
      logging: { level: "none" as const },
      data: folder,
      providers: {
        inference: [
          provider("plain", {}),
          provider("quiet", { debug: random.pick([true, false]) }),
          provider("loud", {
            raw_debug: true
          })
        ]
      },
      recording: {
        ...recording,
        level: random.pick(["raw", "raw", "debug", "default"] as const),
        debug_bytes: random.pick([256, 700, 2048, 65_536]),
        redact: random.between(1, 3) === 1 ? rules : []
      },
      server: {
        ...server,
        port: 0,
        shutdown_timeout_ms: 2000,
        ...(random.between(1, 3) === 1 ? { auth: authentication } : {})
      }
    },
    skipped: [],
    external: []
  }
}

export interface GoldenServer {
  readonly url: string
  readonly hub: EventHub["Service"]
  /** Runs in this process with the server's services, clock and randomness. */
  readonly inProcess: <A, E>(effect: Effect.Effect<A, E, Requests | Inference>) => Effect.Effect<A, E>
}

export const make = Effect.fnUntraced(function*(
  seed: number,
  part: number,
  url: string,
  clock: TickingClock
): Effect.fn.Return<GoldenServer, never, Scope.Scope> {
  const random = new SeededRandom(Math.imul(seed, 0x27d4eb2f) ^ part)
  const folder = yield* TemporaryFolder.make
  const hooks = random.between(1, 2) === 1 ? GoldenHooks.layer(seed) : Layer.empty
  const server = Serve.server(settingsOf(random, folder, url), registry, hooks).pipe(
    Layer.provide(NodeServices.layer)
  )
  const scope = yield* Effect.scope
  const draws = randomOf(random)
  const seeded = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provideService(Effect.provideService(effect, Clock.Clock, clock), Random.Random, draws)
  const context = yield* seeded(Effect.orDie(Layer.buildWithMemoMap(server, Layer.makeMemoMapUnsafe(), scope)))
  return {
    url: HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address),
    hub: Context.get(context, EventHub),
    inProcess: (effect) => seeded(Effect.provide(effect, context))
  }
})
