/** The contract of the provider instances a server runs, and how it fails. */
import { Context, Schema } from "effect"
import type { Effect } from "effect"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import { envelope, NotFound } from "../../kernel/http/HttpErrors.ts"
import type { ProviderInfo } from "../../kernel/provider/ProviderModels.ts"
import type { Provider } from "./ProvidersModels.ts"

export class ProviderNotFound extends Schema.TaggedError<ProviderNotFound>()("ProviderNotFound", {
  provider_id: Schema.String
}) {
  override get message(): string {
    return `There is no provider \`${this.provider_id}\`. GET /v1/providers lists what there is.`
  }
}

export const failures = FailureMap.make({
  ProviderNotFound: ({ message }: ProviderNotFound) =>
    new NotFound(envelope(message, { param: "provider_id", code: "provider_not_found" }))
})

export class Providers extends Context.Service<Providers, {
  readonly list: Effect.Effect<ReadonlyArray<Provider>>
  /** The provider types that can be configured, in the order of the registry. */
  readonly types: Effect.Effect<ReadonlyArray<ProviderInfo>>
  /** Of instances of several APIs that share the id, the first in the configuration, unless an API is named. */
  get(providerId: string, api?: string): Effect.Effect<Provider, ProviderNotFound>
}>()("strata/apis/providers/Providers") {}
