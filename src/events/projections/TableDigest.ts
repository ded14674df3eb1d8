/** The digest of a projection's table, the same for the same rows in every adapter of the log. */
import { createHash } from "node:crypto"

interface Keyed {
  readonly tenant: string
  readonly key: string
}

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

/** The order rows are added in: by the bytes of their tenants, and of their keys, in UTF-8. */
export const byKey = (one: Keyed, other: Keyed): number =>
  byBytes(one.tenant, other.tenant) || byBytes(one.key, other.key)

export class TableDigest {
  readonly #hash = createHash("sha256")

  /** `document` is the text that stands in the table. */
  add({ key, tenant }: Keyed, position: number, document: string): void {
    this.#hash.update(`${JSON.stringify([tenant, key, position, document])}\n`)
  }

  hex(): string {
    return this.#hash.digest("hex")
  }
}
