/**
 * Makes `remote::strata` for an API, of the routes it has anyway: its client is derived from them.
 *
 * An API whose calls are JSON needs no more than which endpoint stands behind which method:
 *
 *     RemoteApi.make({
 *       api: ScoringApi,
 *       routes: ScoringRoutes,
 *       description: "Scores on another Strata.",
 *       service: ({ method }) => ({ score: method("score", (rows: Rows) => ({ payload: { rows } })) })
 *     })
 */
import { Effect, Layer } from "effect"
import type { Context, Schema } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import type { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { HttpApi, HttpApiClient } from "effect/http-api"
import type { Call } from "../../../kernel/calls/Call.ts"
import * as Calls from "../../../kernel/calls/Calls.ts"
import { ProviderFailed, ProviderRejected } from "../../../kernel/http/ProviderErrors.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"
import * as FailureText from "../../../kernel/issues/FailureText.ts"
import type { AnyApi, ShapeOf, SlotOf } from "../../../kernel/provider/Provider.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import { Config, Data } from "./StrataConfig.ts"
import * as StrataConnection from "./StrataConnection.ts"

type EndpointsOf<Routes> = Routes extends
  { readonly endpoints: infer Endpoints extends Readonly<Record<string, HttpApiEndpoint.ConstraintRequest>> } ?
  Endpoints
  : never

type Part<Name extends string, S extends Schema.Constraint> = [S["Type"]] extends [never] ? {}
  : { readonly [K in Name]: S["Type"] }

/** What an endpoint is asked with: its params, query, headers and payload, as far as it has them. */
type RequestOf<E extends HttpApiEndpoint.ConstraintRequest> =
  & Part<"params", E["~Params"]>
  & Part<"query", E["~Query"]>
  & Part<"headers", E["~Headers"]>
  & Part<"payload", E["~Payload"]>

/** What a service is made of. */
export interface Remote<Routes> extends StrataConnection.StrataConnection {
  /**
   * A method of the service: asks an endpoint and gives its decoded answer. A refusal of the other server comes back as
   * it is.
   */
  readonly method: <const Name extends keyof EndpointsOf<Routes> & string, Input extends ReadonlyArray<unknown>>(
    endpoint: Name,
    toRequest: (...input: Input) => RequestOf<EndpointsOf<Routes>[Name]>
  ) => (
    ...input: Input
  ) => Effect.Effect<HttpApiClient.SuccessType<EndpointsOf<Routes>[Name]["~Success"]>, ProviderError>
}

export interface Options<A extends AnyApi, Routes extends HttpApiGroup.Constraint> {
  readonly api: A
  readonly routes: Routes
  readonly description: string
  readonly capabilities?: ReadonlyArray<string>
  /** How a call to an endpoint is recorded; absent: who asks the provider records it, or nobody does. */
  readonly call?: (provider: string, endpoint: string) => Call<ProviderError>
  readonly service: (remote: Remote<Routes>) => ShapeOf<A>
}

type AnyMethod = (request: unknown) => Effect.Effect<unknown, unknown>

export const make = <A extends AnyApi, Routes extends HttpApiGroup.Constraint>(options: Options<A, Routes>) => {
  const { api, call, routes, service } = options
  const Api = HttpApi.make("remote").add(routes as unknown as HttpApiGroup.Top)

  const instance = Effect.fnUntraced(function*(config: Config, provider_id: string) {
    const connection = yield* StrataConnection.make(config, { api: api.name, provider_id })
    const { accepted, invalid, unreachable } = StrataConnection.callsOf(connection)
    const client = yield* HttpApiClient.group(Api, {
      group: routes.identifier,
      httpClient: HttpClient.makeWith(Effect.flatMap(accepted), Effect.succeed)
    }) as Effect.Effect<Readonly<Record<string, AnyMethod>>>

    /** Only what the other server could not have meant is left: it has answered 2xx. */
    const toProviderError = (error: unknown): ProviderError => {
      if (error instanceof ProviderFailed || error instanceof ProviderRejected) return error
      if (HttpClientError.isHttpClientError(error) && error.reason._tag !== "DecodeError") return unreachable(error)
      return invalid(FailureText.of(error).slice(0, 500))
    }

    const method = (endpoint: string, toRequest: (...input: ReadonlyArray<unknown>) => unknown) => {
      const ask = client[endpoint]!
      return (...input: ReadonlyArray<unknown>) => {
        const asked = connection.bounded.pipe(
          Effect.andThen(Effect.suspend(() => ask(toRequest(...input)))),
          Effect.mapError(toProviderError)
        )
        return call === undefined ? asked : Calls.runValue(call(provider_id, endpoint), asked)
      }
    }
    return service({ ...connection, method } as unknown as Remote<Routes>)
  })

  return Provider.make({
    api,
    type: "remote::strata",
    displayName: "Another Strata",
    description: options.description,
    config: Config,
    requires: [],
    capabilities: options.capabilities ?? [],
    providerData: Data,
    status: { status: "proven", against: "another Strata, in a process of its own" },
    layer: (config, { provider_id }) =>
      Layer.effect(api.slot as Context.Key<SlotOf<A>, ShapeOf<A>>, instance(config, provider_id))
  })
}
