/** A vendor that says what it is told, and Strata in front of it, in this process. */
// @effect-diagnostics *:off
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { HttpServer } from "effect/http"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Serve from "../../src/cli/Serve.ts"
import type { Configuration, RecordingLevel } from "../../src/kernel/configuration/Configuration.ts"
import { defaults } from "../../src/kernel/configuration/Configuration.ts"
import { registry } from "../../src/providers/Registry.ts"

export interface Vendor {
  readonly url: string
  /** What it says to the next that asks. */
  say: string
  readonly stop: () => void
}

const completionOf = (content: string) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 }
})

export const startVendor = (): Promise<Vendor> =>
  new Promise((resolve) => {
    const server = http.createServer((request, response) => {
      request.resume().once("end", () => {
        response.writeHead(200, { "content-type": "application/json" })
        response.end(JSON.stringify(completionOf(vendor.say)))
      })
    })
    const vendor = { url: "", say: "", stop: () => void server.close(() => undefined).closeAllConnections() }
    server.listen(0, "127.0.0.1", () => {
      vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
      resolve(vendor)
    })
  })

export type Storage = Configuration["storage"]

export const ofPostgres = (url: string, schema: string): Storage => ({
  type: "postgres",
  url: Redacted.make(url),
  schema,
  pool_size: 4
})

export interface Server {
  readonly url: string
  /** Its log is closed, and all of it stands in the tables. */
  readonly stop: () => Promise<void>
}

export const startStrata = async (
  { folder, level, storage, vendor }: {
    readonly folder: string
    readonly level: RecordingLevel
    readonly storage: Storage
    readonly vendor: Vendor
  }
): Promise<Server> => {
  const settings = {
    configuration: {
      ...defaults,
      data: folder,
      storage,
      logging: { level: "error" as const },
      server: { ...defaults.server, port: 0 },
      recording: { ...defaults.recording, level },
      providers: {
        inference: [{
          provider_id: "upstream",
          provider_type: "remote::openai",
          config: { base_url: vendor.url, models: ["m"] }
        }]
      }
    },
    skipped: []
  }
  const scope = Scope.makeUnsafe()
  const layer = Serve.server(settings, registry).pipe(Layer.provide(NodeServices.layer))
  const context = await Effect.runPromise(Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope))
  return {
    url: HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address),
    stop: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
