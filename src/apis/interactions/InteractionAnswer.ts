/** An interaction that is kept, as it is read again. */
import { Result } from "effect"
import type { Schema } from "effect"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import { earlierInteractions, interactions } from "../../kernel/dialects/interactions/InteractionsDialect.ts"
import type { Form } from "../../kernel/dialects/interactions/LowerResponse.ts"
import * as Steps from "../../kernel/dialects/interactions/Steps.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { KeptInteraction } from "./InteractionsModels.ts"

type Fields = Schema.JsonObject

export const dialectOf = (form: Form): Dialect => form === "steps" ? interactions : earlierInteractions

const headOf = ({ head, id, previous_interaction_id }: KeptInteraction): Fields => ({
  ...head,
  id,
  ...previous_interaction_id === null ? {} : { previous_interaction_id }
})

/** Steps are all that happened, what was asked included; outputs are what the model did. */
export const of = (kept: KeptInteraction, form: Form, withInput: boolean): Fields => {
  const { input, steps } = kept
  const asked = withInput ? { input } : {}
  return form === "steps"
    ? { ...headOf(kept), ...asked, steps: [...input, ...steps] }
    : { ...headOf(kept), ...asked, outputs: Steps.outputsOf(steps) }
}

/** As the stream of an answer that came whole. */
export const frames = (kept: KeptInteraction, form: Form): ReadonlyArray<Uint8Array> => {
  const dialect = dialectOf(form)
  const { add } = dialect.lower.stream()
  const response = Result.getOrThrow(dialect.raise.response({ ...headOf(kept), steps: kept.steps }))
  return [...Translation.partsOf(response).flatMap(add), ...Translation.lastOf(dialect)]
}
