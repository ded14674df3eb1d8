/** An interaction that is kept, as it is read again. */
import { Result } from "effect"
import type { Schema } from "effect"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as Errors from "../../kernel/dialects/interactions/Errors.ts"
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

/** As the stream of an answer that came whole; of one that failed, what there is of it, and its error as the end. */
export const frames = (kept: KeptInteraction, form: Form): ReadonlyArray<Uint8Array> => {
  const dialect = dialectOf(form)
  const { add } = dialect.lower.stream()
  const { error, ...head } = headOf(kept)
  const response = Result.getOrThrow(dialect.raise.response({ ...head, steps: kept.steps }))
  const parts = Translation.partsOf(response)
  return error === undefined
    ? [...parts.flatMap(add), ...Translation.lastOf(dialect)]
    : [...parts.filter(({ type }) => type !== "response").flatMap(add), Errors.frame({ error })]
}
