/** What a model costs by kinds of tokens, and what a call costs by them: exactly, or why it can't be known. */
import * as Money from "../money/Money.ts"
import type { TokenCounts } from "./TokenCounts.ts"

/** A price for a million tokens; one with `tiers` is another where the whole input is longer than `above`. */
export interface Rate {
  readonly base: Money.Money
  /** In rising order. */
  readonly tiers: ReadonlyArray<{ readonly above: number; readonly price: Money.Money }>
}

/** Kinds without a price of their own cost what the kind they are a part of costs. */
export interface Rates {
  readonly input?: Rate | undefined
  readonly cacheRead?: Rate | undefined
  readonly cacheWrite?: Rate | undefined
  readonly cacheWrite1h?: Rate | undefined
  readonly inputAudio?: Rate | undefined
  readonly output?: Rate | undefined
  readonly reasoning?: Rate | undefined
  readonly outputAudio?: Rate | undefined
  /** For a thousand calls. */
  readonly perThousandCalls?: Money.Money | undefined
}

export type Amount = { readonly cost: Money.Money } | { readonly unknown: string }

/** A share of the tokens, with its price. */
interface Part {
  readonly name: string
  readonly count: number
  readonly rate: Rate | undefined
}

const parts = (rates: Rates, counts: TokenCounts): ReadonlyArray<Part> => {
  const { cacheRead, cacheWrite, cacheWrite1h, input, inputAudio, output, outputAudio, reasoning } = rates
  const take = (rate: Rate | undefined, count: number) => rate === undefined ? 0 : count
  const hour = take(cacheWrite1h, counts.cache_write_1h_tokens)
  const cacheWritten = take(cacheWrite, counts.cache_write_tokens - hour)
  const read = take(cacheRead, counts.cache_read_tokens)
  const audioIn = take(inputAudio, counts.input_audio_tokens)
  const reasoned = take(reasoning, counts.reasoning_tokens)
  const audioOut = take(outputAudio, counts.output_audio_tokens)
  return [
    { name: "input", count: counts.input_tokens - hour - cacheWritten - read - audioIn, rate: input },
    { name: "cache_write_1h", count: hour, rate: cacheWrite1h },
    { name: "cache_write", count: cacheWritten, rate: cacheWrite },
    { name: "cache_read", count: read, rate: cacheRead },
    { name: "input_audio", count: audioIn, rate: inputAudio },
    { name: "output", count: counts.output_tokens - reasoned - audioOut, rate: output },
    { name: "reasoning", count: reasoned, rate: reasoning },
    { name: "output_audio", count: audioOut, rate: outputAudio }
  ]
}

const priceOf = ({ base, tiers }: Rate, inputTokens: number): Money.Money =>
  tiers.findLast(({ above }) => inputTokens > above)?.price ?? base

/** `counts` is null where nobody counted. */
export const costOf = (rates: Rates, counts: TokenCounts | null): Amount => {
  const { perThousandCalls, ...byToken } = rates
  let cost = perThousandCalls === undefined ? Money.zero : Money.times(1, perThousandCalls, 3)
  if (counts === null) {
    return perThousandCalls !== undefined && Object.values(byToken).every((rate) => rate === undefined)
      ? { cost }
      : { unknown: "the vendor counted no tokens" }
  }
  if (counts.input_audio_tokens > 0 && counts.cache_read_tokens > 0 && byToken.inputAudio !== byToken.input) {
    return { unknown: "nothing says how much of the audio was read from a cache" }
  }
  for (const { count, name, rate } of parts(rates, counts)) {
    if (count < 0) return { unknown: `the counts contradict each other: the parts of ${name} are more than the whole` }
    if (count === 0) continue
    if (rate === undefined) {
      if (perThousandCalls !== undefined && Object.values(byToken).every((each) => each === undefined)) continue
      return { unknown: `there is no price for ${name} tokens` }
    }
    cost = Money.add(cost, Money.times(count, priceOf(rate, counts.input_tokens), 6))
  }
  return { cost }
}
