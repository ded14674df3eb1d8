/** Streams of each framing, and their pieces however they are torn. */
import { Effect } from "effect"
import type { Framing } from "../../../../src/events/types/Framing.ts"
import * as ByteCollector from "../../../../src/kernel/bytes/ByteCollector.ts"
import * as ByteSource from "../../../../src/kernel/bytes/ByteSource.ts"
import * as Unframed from "../../../../src/kernel/dialects/framing/Unframed.ts"

export const eventOf = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`

export const bytesOf = ({ frameOf }: Framing, values: ReadonlyArray<unknown>): Buffer =>
  Buffer.concat(values.map((value) => frameOf(eventOf(value))))

/** In pieces of so many bytes. */
export const torn = (bytes: Uint8Array, length: number): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => bytes.subarray(at * length, (at + 1) * length))

/** What who reads the stream gets of it. */
export const textOf = (framing: Framing, pieces: ReadonlyArray<Uint8Array>): string =>
  Effect.runSync(ByteCollector.collect(Unframed.of(ByteSource.fromChunks(pieces), framing))).toString("utf8")
