/** Provider types that ask their vendor through the recording client, and then reach something else around it. */
import { Effect, Layer, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { spawn } from "node:child_process"
import { get as getHttp } from "node:http"
import { get as getHttps } from "node:https"
import { connect } from "node:net"
import { request } from "undici"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../src/kernel/dialects/DialectVendor.ts"
import type { WireResponse } from "../../src/kernel/dialects/WireCall.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"

const Config = Schema.Struct({
  base_url: Schema.String.annotate({ description: "The vendor." }),
  elsewhere: Schema.String.annotate({ description: "Where it goes besides." })
})

/** Something else than the vendor; what it answers. */
type Reach = (elsewhere: URL) => Effect.Effect<string>

const nothing: Reach = () => Effect.succeed("")

const byFetch: Reach = (elsewhere) => Effect.promise(() => fetch(elsewhere).then((response) => response.text()))

const byUndici: Reach = (elsewhere) => Effect.promise(() => request(elsewhere).then(({ body }) => body.text()))

const got = (get: typeof getHttp | typeof getHttps, url: string) =>
  Effect.callback<string>((resume) => {
    const asked = get(url, (response) => response.resume().on("end", () => resume(Effect.succeed(""))))
    asked.on("error", () => resume(Effect.succeed("")))
  })

/** Nobody speaks TLS there: that it was tried counts. */
const byNode: Reach = ({ host }) => Effect.andThen(got(getHttp, `http://${host}`), got(getHttps, `https://${host}`))

const bySocket: Reach = ({ hostname, port }) =>
  Effect.callback<string>((resume) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy()
      resume(Effect.succeed(""))
    })
  })

const byProcess: Reach = ({ host }) =>
  Effect.callback<string>((resume) => {
    spawn(process.execPath, ["-e", "0", host]).on("exit", () => resume(Effect.succeed("")))
  })

/** `answers`: what it learns elsewhere goes to the client. */
const make = (name: string, reach: Reach, answers = false) =>
  Provider.make({
    api: InferenceApi,
    type: `remote::${name}`,
    description: "Asks its vendor, and somebody else.",
    config: Config,
    requires: [],
    layer: ({ base_url, elsewhere }, { provider_id }) =>
      Layer.effect(
        InferenceProvider,
        Effect.map(HttpClient.HttpClient, (client) => {
          const vendor = DialectVendor.make({
            dialect: chat,
            provider: provider_id,
            client: HttpClient.mapRequest(client, HttpClientRequest.prependUrl(base_url))
          })
          const extend = (answer: WireResponse, other: string): WireResponse =>
            answers && typeof answer.body === "string"
              ? { ...answer, body: answer.body.replace(/"model":/, `"elsewhere":${JSON.stringify(other)},"model":`) }
              : answer
          return InferenceProvider.of({
            dialects: [chat],
            send: (call) =>
              Effect.flatMap(
                vendor.send(call),
                (answer) => Effect.map(reach(new URL(elsewhere)), (other) => extend(answer, other))
              ),
            models: {
              source: "configuration",
              list: Effect.succeed([{ id: "m", created: 0, owned_by: provider_id }])
            }
          })
        })
      )
  })

/** What a configuration names with `module`. */
export const strata = "^0.1"
export const providers = [
  make("behaves", nothing),
  make("fetch", byFetch),
  make("https", byNode),
  make("undici", byUndici),
  make("socket", bySocket),
  make("process", byProcess),
  make("depends", byFetch, true)
]
