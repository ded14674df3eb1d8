/** How much of a request is recorded: what its header asks, or its provider's flags, or the configuration. */
import { Schema } from "effect"
import { atMost, Level } from "../events/types/Event.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import * as ErrorResponses from "./ErrorResponses.ts"

export const levelHeader = "x-strata-level"

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

const isLevel = Schema.is(Level)

/** True for a header that names no level. */
export const isInvalid = (asked: string | undefined): boolean => asked !== undefined && !isLevel(asked)

export const invalid = ErrorResponses.toResponse({
  status: 400,
  body: envelope(`The header ${levelHeader} must be default, debug or raw.`, {
    param: levelHeader,
    code: "invalid_level"
  })
})

const none: ReadonlyMap<string, Level> = new Map()

/** Made once: what a header asks takes the place of all that is configured, within the highest level allowed. */
export const make = ({ level, maxLevel, providerLevels }: Configured): (asked: string | undefined) => RequestLevel => {
  const configured: RequestLevel = {
    level: atMost(maxLevel, level),
    providerLevels: new Map([...providerLevels].map(([id, level]) => [id, atMost(maxLevel, level)]))
  }
  return (asked) => isLevel(asked) ? { level: atMost(maxLevel, asked), providerLevels: none } : configured
}
