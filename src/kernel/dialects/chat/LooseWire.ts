/**
 * What is read of a body or a chunk that nobody has checked: each field may be anything, or not be there. Reading it is
 * property access and no decoding, for every answer passes here.
 */

/** The same for a choice. */
export interface LooseChunk {
  readonly id?: unknown
  readonly model?: unknown
  readonly choices?: unknown
  readonly usage?: unknown
  readonly x_groq?: { readonly usage?: unknown } | null
  readonly finish_reason?: unknown
}

export interface LooseUsage {
  readonly prompt_tokens?: unknown
  readonly completion_tokens?: unknown
  readonly total_tokens?: unknown
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: unknown
    readonly cache_write_tokens?: unknown
    readonly audio_tokens?: unknown
  } | null
  readonly prompt_cache_hit_tokens?: unknown
  readonly completion_tokens_details?: {
    readonly reasoning_tokens?: unknown
    readonly audio_tokens?: unknown
  } | null
  readonly cost?: unknown
}
