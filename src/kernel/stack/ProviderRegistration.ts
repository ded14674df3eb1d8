/** Says in the log which provider instances run: the record a session is replayed against. */
import { Effect } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import { canonical } from "../../events/types/JsonDifference.ts"
import { defaultTenant } from "../../events/types/Tenant.ts"
import { maskedConfiguration, redacted } from "../provider/MaskedConfiguration.ts"
import type { PlannedProvider } from "../provider/PlannedProvider.ts"
import { chainOf } from "../provider/PlannedProvider.ts"
import { warningOf } from "../provider/Provider.ts"
import type { SkippedProvider } from "../provider/ProviderEntry.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import type { Registration } from "../provider/ProviderProjection.ts"
import { keyOf, ProviderProjection } from "../provider/ProviderProjection.ts"

/** What of an instance is deprecated: its own type, and those of its upstreams. */
export const deprecationsOf = (planned: PlannedProvider) =>
  chainOf(planned).flatMap(({ api, definition, provider_id, provider_type }) => {
    const reason = warningOf(definition)
    return reason === undefined ? [] : [{ api, provider_id, provider_type, reason }]
  })

const toRegistration = (planned: PlannedProvider): Registration => ({
  api: planned.api,
  provider_id: planned.provider_id,
  provider_type: planned.provider_type,
  config: maskedConfiguration(planned)
})

/** Appends what has changed since the last start, and what was left out or is deprecated this time. */
export const register = Effect.fn("ProviderRegistration.register")(function*(
  planned: ReadonlyArray<PlannedProvider>,
  skipped: ReadonlyArray<SkippedProvider>
) {
  const hub = yield* EventHub
  const rows = yield* (yield* ProjectionTables).list(ProviderProjection, {
    tenant: defaultTenant,
    limit: Number.MAX_SAFE_INTEGER
  })
  const registered = new Map(rows.map(({ document, key }) => [key, document]))
  const redactor = yield* Redactor.configured
  const configured = new Map(planned.map((each) => [keyOf(each), redacted(redactor, toRegistration(each))]))
  const changed = [...configured].filter(([id, each]) => canonical(registered.get(id)) !== canonical(each))
  const removed = [...registered].filter(([id]) => !configured.has(id))
  const deprecated = planned.flatMap(deprecationsOf)
  for (const { provider_id, provider_type, reason } of deprecated) {
    yield* Effect.logWarning(`${provider_id}: ${provider_type} is deprecated: ${reason}`)
  }
  const drafts = yield* Effect.all([
    ...changed.map(([, each]) => Draft.make(ProviderEvents.Registered, each, { provider: each.provider_id })),
    ...removed.map(([, { api, provider_id }]) =>
      Draft.make(ProviderEvents.Unregistered, { api, provider_id }, { provider: provider_id })
    ),
    ...skipped.map((each) => Draft.make(ProviderEvents.Skipped, { ...each })),
    ...deprecated.map((each) => Draft.make(ProviderEvents.Deprecated, each, { provider: each.provider_id }))
  ])
  if (drafts.length > 0) yield* hub.append(ProviderEvents.stream, "any", drafts)
})
