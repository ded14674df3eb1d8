/** What each provider instance was at a position of the log: a vendor has prices, a name that is configured has none. */
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import * as ProviderEvents from "../provider/ProviderEvents.ts"
import type { ProviderIdentity } from "./Pricing.ts"

/** What an instance is, as a configuration or `provider:registered` has it. */
export const identityOf = (entry: unknown): ProviderIdentity | undefined => {
  const [type, config] = [textOrNull(field(entry, "provider_type")), field(entry, "config")]
  const baseUrl = textOrNull(field(config, "base_url"))
  return type === null ? undefined : { type, ...(baseUrl === null ? {} : { baseUrl }) }
}

export class ProviderIdentities {
  readonly #api: string
  readonly #configured: ReadonlyMap<string, ProviderIdentity>
  /** By instance, in order of positions. */
  readonly #registered = new Map<string, Array<{ readonly position: number; readonly identity: ProviderIdentity }>>()

  /** `configured`: for what was registered before anything that is folded here. */
  constructor(api: string, configured: Iterable<readonly [id: string, identity: ProviderIdentity]>) {
    this.#api = api
    this.#configured = new Map(configured)
  }

  /** Remembers what `provider:registered` says: to remember it again, in whatever order, changes nothing. */
  register(event: RecordedEvent): void {
    if (event.stream !== ProviderEvents.stream) return
    const payload = payloadOf(event)
    const [id, identity] = [textOrNull(field(payload, "provider_id")), identityOf(payload)]
    if (field(payload, "api") !== this.#api || id === null || identity === undefined) return
    const { position } = event
    const entries = this.#registered.get(id) ?? []
    this.#registered.set(id, entries)
    const behind = entries.findLastIndex((entry) => entry.position <= position)
    if (entries[behind]?.position !== position) entries.splice(behind + 1, 0, { position, identity })
  }

  at(id: string, position: number): ProviderIdentity | undefined {
    return this.#registered.get(id)?.findLast((entry) => entry.position < position)?.identity ??
      this.#configured.get(id)
  }
}
