/** What a vendor itself says an answer costs, in the tokens it counted. */
import { Predicate } from "effect"
import { field } from "../../events/types/JsonAccess.ts"
import * as Money from "./Money.ts"

/** As OpenRouter has it: `cost`, US dollars. Empty where nothing is said. */
export const costIn = (usage: unknown): { readonly cost_usd?: string } => {
  const cost = field(usage, "cost")
  const money = Predicate.isNumber(cost) ? Money.ofNumber(cost) : undefined
  return money === undefined ? {} : { cost_usd: Money.toText(money) }
}
