/** How much of a request is recorded: what it asks itself, or its provider's flags, or the configuration. */
import type { Level } from "../../events/types/Event.ts"
import { atMost } from "../../events/types/Event.ts"

export interface RequestLevel {
  /** Of the request itself (`api:*`), and of calls to providers without flags. */
  readonly level: Level
  /** Of calls to the providers with flags. */
  readonly providerLevels: ReadonlyMap<string, Level>
}

export interface Configured {
  readonly level: Level
  readonly maxLevel: Level
  readonly providerLevels: ReadonlyMap<string, Level>
}

const none: ReadonlyMap<string, Level> = new Map()

/** Made once: what a request asks takes the place of all that is configured, within the highest level allowed. */
export const make = ({ level, maxLevel, providerLevels }: Configured): (asked: Level | undefined) => RequestLevel => {
  const configured: RequestLevel = {
    level: atMost(maxLevel, level),
    providerLevels: new Map([...providerLevels].map(([id, level]) => [id, atMost(maxLevel, level)]))
  }
  return (asked) => asked === undefined ? configured : { level: atMost(maxLevel, asked), providerLevels: none }
}
