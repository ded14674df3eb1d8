/** Keys of clients: what they send, and what the configuration knows of it. */
import { createHash } from "node:crypto"

const sha256 = (key: string): string => createHash("sha256").update(key).digest("hex")

/** Looks like a key, and is the same in every run. */
const keyOf = (name: string): string => `sk-strata-${sha256(name)}`

interface Given {
  readonly principal?: string
  readonly attributes?: Readonly<Record<string, ReadonlyArray<string>>>
}

/** An entry of `server.auth.providers` that knows a key for each name. */
const provider = (names: Readonly<Record<string, Given>>) => ({
  type: "api_keys" as const,
  keys: Object.entries(names).map(([id, given]) => ({ id, sha256: sha256(keyOf(id)), ...given }))
})

/** What a client of that name sends. */
const headers = (name: string) => ({ authorization: `Bearer ${keyOf(name)}` })

export const Keys = { sha256, keyOf, provider, headers }
