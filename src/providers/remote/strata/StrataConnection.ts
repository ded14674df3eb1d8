/**
 * The way to another Strata: where it is, who asks, and what joins the two logs.
 *
 * Both servers record the request in sessions of one id (`x-strata-session-id`); the other's log has this server's number
 * of the request (`x-request-id`) among the headers it got, and this log the other's among the headers of the answer.
 */
import { Effect, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as Credentials from "../../../kernel/calls/Credentials.ts"
import * as VendorCall from "../../../kernel/calls/VendorCall.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../../kernel/client/VendorClient.ts"
import { envelope } from "../../../kernel/http/HttpErrors.ts"
import { ProviderRejected } from "../../../kernel/http/ProviderErrors.ts"
import * as ProviderData from "../../../kernel/provider/ProviderData.ts"
import * as ForwardingDepth from "../../../kernel/requests/ForwardingDepth.ts"
import { CurrentRecording } from "../../../kernel/requests/Recording.ts"
import type { Config } from "./StrataConfig.ts"
import { Data } from "./StrataConfig.ts"

const sessionHeader = "x-strata-session-id"
const requestHeader = "x-request-id"

/** The ids of the request a fiber works for, and one hop more. */
const identify = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.withFiber<HttpClientRequest.HttpClientRequest>((fiber) => {
    const hop = HttpClientRequest.setHeader(
      request,
      ForwardingDepth.header,
      String(fiber.getRef(ForwardingDepth.CurrentForwardingDepth) + 1)
    )
    const recording = fiber.getRef(CurrentRecording)
    if (recording === undefined) return Effect.succeed(hop)
    const { requestId, sessionId } = recording.options
    const numbered = HttpClientRequest.setHeader(hop, requestHeader, requestId)
    return Effect.succeed(
      sessionId === null ? numbered : HttpClientRequest.setHeader(numbered, sessionHeader, sessionId)
    )
  })

export const make = Effect.fnUntraced(function*(config: Config, instance: ProviderData.Instance) {
  const { provider_id: provider } = instance
  const given = ProviderData.of(Data, instance)
  const authorize = yield* Credentials.make(config, given)

  const entrust = (request: HttpClientRequest.HttpClientRequest) =>
    Effect.map(given, (data) =>
      data?.provider_data === undefined
        ? request
        : HttpClientRequest.setHeader(request, ProviderData.header, JSON.stringify(Redacted.value(data.provider_data))))

  /** Fails where the request has come through too many servers. */
  const bounded = Effect.flatMap(
    ForwardingDepth.CurrentForwardingDepth,
    (hops) =>
      hops < config.max_hops ? Effect.void : Effect.fail(
        new ProviderRejected({
          provider,
          status: 508,
          headers: {},
          text: JSON.stringify(envelope(
            `This request has passed ${config.max_hops} or more servers on its way to the provider ${provider}: it is ` +
              "sent in a circle, or max_hops of the provider is too low.",
            { type: "upstream_error", code: "loop_detected" }
          ))
        })
      )
  )

  const own = yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))
  const { path, query } = BaseUrl.partsOf(config.base_url)
  const client = own.pipe(
    HttpClient.mapRequestEffect(authorize),
    HttpClient.mapRequestEffect(entrust),
    HttpClient.mapRequestEffect(identify),
    HttpClient.mapRequest(yield* BaseUrl.prepend({ path: path.replace(/\/v1$/, ""), query }))
  )
  return { provider, client, bounded }
})

export type StrataConnection = Effect.Success<ReturnType<typeof make>>

/** Calls whose failures are errors of Strata's own form. */
export const callsOf = (connection: StrataConnection) =>
  VendorCall.make({
    ...connection,
    envelope: ({ message, ...details }) => ({ ...envelope(message, details) })
  })
