/** The contract of the provider instances a server runs. */
import { Context, Schema } from "effect"
import type { Effect } from "effect"
import type { ProviderInfo } from "../../kernel/provider/ProviderModels.ts"
import type { Provider } from "./ProvidersModels.ts"

export class ProviderNotFound extends Schema.TaggedError<ProviderNotFound>()("ProviderNotFound", {
  provider_id: Schema.String
}) {
  override get message(): string {
    return `There is no provider \`${this.provider_id}\`. GET /v1/providers lists what there is.`
  }
}

export class Providers extends Context.Service<Providers, {
  readonly list: Effect.Effect<ReadonlyArray<Provider>>
  /** The provider types that can be configured, in the order of the registry. */
  readonly types: ReadonlyArray<ProviderInfo>
  /** Of instances of several APIs that share the id, the first in the configuration, unless an API is named. */
  get(providerId: string, api?: string): Effect.Effect<Provider, ProviderNotFound>
}>()("strata/apis/providers/Providers") {}
