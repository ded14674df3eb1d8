/** Reads the parts of a streamed answer off its bytes, as they come. */
import type { StreamPart } from "../messages/StreamPart.ts"
import type { Dialect, StreamRaiser } from "./Dialect.ts"
import { SseReader } from "./sse/SseReader.ts"

export class PartReader {
  readonly #frames = new SseReader()
  readonly #raiser: StreamRaiser

  /** `producer`: the model that answers. */
  constructor({ raise }: Pick<Dialect, "raise">, producer?: string) {
    this.#raiser = raise.stream(producer)
  }

  /** The parts that are there now. */
  feed(bytes: Uint8Array): ReadonlyArray<StreamPart> {
    return this.#frames.feed(bytes).flatMap(this.#raiser.add)
  }

  /** What is left when the bytes have ended. */
  end(): ReadonlyArray<StreamPart> {
    return [...this.#frames.end().flatMap(this.#raiser.add), ...this.#raiser.end()]
  }
}
