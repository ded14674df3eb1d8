/** Strata in this process, with or without a subscription to its hub at raw; tells what the follower saw when it is asked. */
// @effect-diagnostics *:off
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Layer, Scope, Stream } from "effect"
import * as Serve from "../../src/cli/Serve.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { defaults } from "../../src/kernel/configuration/Configuration.ts"
import { registry } from "../../src/providers/Registry.ts"
import { Lag } from "./Lag.ts"

const [port, upstreamPort, data, follows] = process.argv.slice(2) as [string, string, string, string]

const settings = {
  configuration: {
    ...defaults,
    data,
    logging: { level: "error" as const },
    server: { ...defaults.server, port: Number(port) },
    recording: { ...defaults.recording, level: "raw" as const },
    providers: {
      inference: [{
        provider_id: "bench",
        provider_type: "remote::openai",
        config: { base_url: `http://127.0.0.1:${upstreamPort}/v1`, models: ["bench-model"] }
      }]
    }
  },
  skipped: []
}

const scope = Scope.makeUnsafe()
const layer = Serve.server(settings, registry).pipe(Layer.provide(NodeServices.layer))
const context = await Effect.runPromise(Layer.buildWithScope(layer, scope))
const hub = Context.get(context, EventHub)
const lag = new Lag()
if (follows === "follow") {
  const head = await Effect.runPromise(hub.head)
  const follow = hub.follow({ after: head }).pipe(
    Stream.runForEachArray((events) => Effect.sync(() => events.forEach(({ time }) => lag.saw(time))))
  )
  Effect.runFork(follow)
}

process.once("disconnect", () => process.exit())
process.on(
  "message",
  async (asked) => process.send?.(asked === "head" ? await Effect.runPromise(hub.head) : lag.take())
)
