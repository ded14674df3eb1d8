/** Static keys: the configuration holds their SHA-256, so that who reads it can't use them. */
import { Effect } from "effect"
import { createHash, timingSafeEqual } from "node:crypto"
import type { ApiKeys } from "../kernel/access/AuthenticationConfiguration.ts"
import type { Authenticator } from "./Authenticator.ts"

const digestOf = (key: string) => createHash("sha256").update(key).digest()

/** What is looked up is a digest: how long that takes tells nothing of any key. */
export const make = ({ keys }: ApiKeys): Authenticator => {
  const byDigest = new Map(keys.map((key) => {
    const sha256 = Buffer.from(key.sha256, "hex")
    return [sha256.toString("hex"), {
      sha256,
      principal: { id: key.principal ?? key.id, attributes: key.attributes }
    }]
  }))
  return {
    authenticate: (credential) => {
      const digest = digestOf(credential)
      const key = byDigest.get(digest.toString("hex"))
      return key !== undefined && timingSafeEqual(key.sha256, digest) ? Effect.succeed(key.principal) : undefined
    }
  }
}
