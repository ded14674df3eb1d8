/** What the default events of a call that puts items in order say of it. */
import type { Usage } from "../messages/Usage.ts"
import type { RerankRequest, RerankResponse } from "./RerankWire.ts"

export const ofRequest = ({ items, max_num_results }: RerankRequest) => ({
  item_count: items.length,
  max_num_results: max_num_results ?? null
})

const usageOf = ({ usage }: RerankResponse): Usage | null =>
  usage === undefined
    ? null
    : { input_tokens: usage.total_tokens, output_tokens: 0, total_tokens: usage.total_tokens }

/** Undefined: it is no answer. */
export const ofResponse = (response: RerankResponse | undefined) => ({
  result_count: response?.data.length ?? 0,
  usage: response === undefined ? null : usageOf(response)
})
