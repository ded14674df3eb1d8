/** How many tokens a request has, before it is answered. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"
import { ProviderOptions } from "./ProviderOptions.ts"

export const TokenCount = openStruct({
  input_tokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({
    description: "Of the conversation, the system prompt and the tools.",
    examples: [2095]
  }),
  estimated: nullable(Schema.Boolean).annotate({
    description: "true: nobody counted, and Strata reckons by a rule. Absent: the provider counted."
  }),
  provider_options: nullable(ProviderOptions)
}).annotate({
  identifier: "TokenCount",
  description: "How many tokens a request has, before it is answered.",
  examples: [{ input_tokens: 2095 }]
})
export type TokenCount = typeof TokenCount.Type

/** What the default event of a count says of it; undefined: it is none. */
export const summaryOf = (count: TokenCount | undefined) => ({
  input_tokens: count?.input_tokens ?? null,
  estimated: count?.estimated === true
})

/** In the answer to a client: nobody has to take a rule of thumb for a count. */
export const estimatedHeader = ["x-strata-token-count", "estimated"] as const
