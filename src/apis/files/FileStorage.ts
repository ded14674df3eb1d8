/** Where the bytes of files are kept: what every provider of files implements. It knows keys and bytes, no names. */
import { Context, Schema } from "effect"
import type { Effect, Stream } from "effect"

/** The storage can't be read or written. */
export class StorageFailed extends Schema.TaggedError<StorageFailed>()("StorageFailed", {
  provider: Schema.String,
  /** `be read`, `be written`, `be removed` */
  operation: Schema.String,
  /** There is nothing under this key: it was removed by somebody else. */
  missing: Schema.Boolean,
  /** It is longer than the storage takes. */
  tooLarge: Schema.optionalKey(Schema.Boolean),
  reason: Schema.String
}) {
  override get message(): string {
    return `The file could not ${this.operation}: ${this.reason}`
  }
}

/** What was written. */
export interface StoredBytes {
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
  readonly md5: string
  /** What the storage itself calls it, where it makes names of its own: it is given back to read and to remove it. */
  readonly reference?: string
}

/** What is known of a file when its bytes begin to come. */
export interface FileAbout {
  readonly filename: string
  readonly contentType: string
  /** Absent: it comes behind the bytes. */
  readonly purpose?: string
}

/** Bytes from `start` up to and with `end`, counted from 0. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Letters, digits, `-` and `_`: made here, never of what a client calls its file. */
export type StorageKey = string

/** Fails with what is no key: it may lead elsewhere. */
export const keyOrThrow = (key: string): StorageKey => {
  if (!/^[\w-]{1,128}$/.test(key)) throw new Error(`${JSON.stringify(key)} is no key of a file`)
  return key
}

/**
 * @example
 * FileStorage.of({ maxFileBytes: 1e9, write: (key, content) => …, read: (key) => Stream.make(bytes), remove: () => Effect.void })
 */
export class FileStorage extends Context.Service<FileStorage, {
  /** The longest file it takes. */
  readonly maxFileBytes: number
  /** All of it is there when this returns, and nothing where it fails. What is there already is replaced. */
  write<E, R>(
    key: StorageKey,
    content: Stream.Stream<Uint8Array, E, R>,
    about?: FileAbout
  ): Effect.Effect<StoredBytes, StorageFailed | E, R>
  read(key: StorageKey, range?: ByteRange, reference?: string): Stream.Stream<Uint8Array, StorageFailed>
  /** What is not there is removed already. */
  remove(key: StorageKey, reference?: string): Effect.Effect<void, StorageFailed>
  /** Says whether it works. Absent: it is taken to. */
  readonly health?: Effect.Effect<void, { readonly message: string }>
}>()("strata/apis/files/FileStorage") {}
