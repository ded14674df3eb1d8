/** Ids of documents: made of the request that makes them, so that a verification makes the same. */
import { Effect, Random } from "effect"
import { hash } from "node:crypto"
import { CurrentRecording } from "../requests/Recording.ts"

/** As many characters as OpenAI's ids have. */
const length = 48

/** One after the other within a request, or a branch of it; outside of one, of chance. */
export const make = (prefix: string): Effect.Effect<string> =>
  Effect.flatMap(CurrentRecording, (recording) =>
    recording === undefined
      ? Effect.map(
        Effect.all([Random.nextInt, Random.nextInt, Random.nextInt, Random.nextInt]),
        (numbers) => named(prefix, numbers.join())
      )
      : Effect.sync(() => named(prefix, `${recording.line} ${recording.nextDocument()}`)))

const named = (prefix: string, of: string): string => prefix + hash("sha256", of).slice(0, length)
