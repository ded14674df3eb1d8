/** The digest of a projection's table, the same for the same rows in every adapter of the log. */
import { createHash } from "node:crypto"

/** The order rows are added in: by the bytes of their keys in UTF-8. */
export const byKey = (one: { readonly key: string }, other: { readonly key: string }): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key))

export class TableDigest {
  readonly #hash = createHash("sha256")

  /** `document` is the text that stands in the table. */
  add(key: string, position: number, document: string): void {
    this.#hash.update(`${JSON.stringify([key, position, document])}\n`)
  }

  hex(): string {
    return this.#hash.digest("hex")
  }
}
