/**
 * What passes between a vendor and a client: a status, headers, and a body that is there or comes piece by piece.
 *
 * @example
 * const bytes: Bytes = { status: 200, headers: { "content-type": "application/json" }, body: "{}" }
 */
import type { ByteSource } from "./ByteSource.ts"
import type { StreamDialect } from "./StreamDialect.ts"
import type { WholeBody } from "./WholeBody.ts"

export interface Bytes<E = never> {
  readonly status: number
  /** Lower-case names; the body's type under `content-type`. */
  readonly headers: Readonly<Record<string, string>>
  /** All of the body, or where its bytes come from. */
  readonly body: WholeBody | ByteSource<E>
  /** Of what the body says; default `StreamDialect.plain`. */
  readonly dialect?: StreamDialect
}

export const isStreamed = <E>(bytes: Bytes<E>): bytes is Bytes<E> & { readonly body: ByteSource<E> } =>
  typeof bytes.body !== "string" && !(bytes.body instanceof Uint8Array)

/** An answer whose body is all there. */
export type WholeBytes = Bytes & { readonly body: WholeBody }

/** A body of JSON. `headers`: what is said besides its type. */
export const json = (
  status: number,
  body: WholeBody,
  headers: Readonly<Record<string, string>> = {}
): WholeBytes => ({
  status,
  headers: { ...headers, "content-type": "application/json" },
  body
})

/** A body of server-sent events. */
export const events = <E>(
  status: number,
  body: ByteSource<E>,
  headers: Readonly<Record<string, string>> = {},
  dialect?: StreamDialect
): Bytes<E> & { readonly body: ByteSource<E> } => ({
  status,
  headers: { ...headers, "cache-control": "no-cache", "content-type": "text/event-stream; charset=utf-8" },
  body,
  ...dialect === undefined ? {} : { dialect }
})
