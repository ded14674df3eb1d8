/**
 * What passes between a vendor and a client: a status, headers, and a body that is there or comes piece by piece.
 *
 * @example
 * const bytes: Bytes = { status: 200, headers: { "content-type": "application/json" }, body: "{}" }
 */
import type { ByteSource } from "./ByteSource.ts"
import type { StreamDialect } from "./StreamDialect.ts"

export interface Bytes<E = never> {
  readonly status: number
  /** Lower-case names; the body's type under `content-type`. */
  readonly headers: Readonly<Record<string, string>>
  /** The text of the body, or where its bytes come from. */
  readonly body: string | ByteSource<E>
  /** Of what the body says; default `StreamDialect.plain`. */
  readonly dialect?: StreamDialect
}

export const isStreamed = <E>(bytes: Bytes<E>): bytes is Bytes<E> & { readonly body: ByteSource<E> } =>
  typeof bytes.body !== "string"

/** A body of JSON text. `headers`: what is said besides its type. */
export const json = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {}
): Bytes & { readonly body: string } => ({
  status,
  headers: { ...headers, "content-type": "application/json" },
  body: text
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
