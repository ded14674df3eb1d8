/** A model that stands for several: which of them is asked, and who is asked when that one fails. */
import { Schema } from "effect"

const target = Schema.Struct({
  model: Schema.NonEmptyString.annotate({
    expected: "the name of a model",
    description: "What a client would ask for: `provider_id/model_id`, or a registered name.",
    examples: ["openai/gpt-4o-mini"]
  }),
  weight: Schema.optionalKey(
    Schema.Finite.annotate({
      expected: "a number from 0",
      description: "Its share of the requests, beside the weights of the others; 0: only when others fail. Absent " +
        "everywhere: the first is asked.",
      examples: [3]
    }).check(Schema.isGreaterThanOrEqualTo(0, { expected: "a number from 0" }))
  ),
  when: Schema.optionalKey(
    Schema.String.annotate({
      expected: "a condition in CEL, such as request.estimated_tokens < 2000",
      description: "Asked only where this holds, in CEL: over `request`, `principal`, `tenant`, `time`, `price` and " +
        "`latency` (docs/operation.md). Where nobody knows, it does not hold. Absent: always.",
      examples: ["request.estimated_tokens < 2000 && !request.has_images"]
    })
  )
}).annotate({ expected: "a mapping with model" })

export const ModelRouting = Schema.Struct({
  targets: Schema.NonEmptyArray(target).annotate({
    expected: "a list of models",
    description:
      "The models it stands for. When the one that is asked fails in a way that another may not, the others " +
      "are asked in this order; those whose condition does not hold are not. Where none is left, the request is refused."
  }),
  sticky: Schema.optionalKey(
    Schema.Literals(["session", "principal"]).annotate({
      expected: "session or principal",
      description: "By what the weights decide: requests of one session, or of one principal, go to the same target. " +
        "Absent: each by itself."
    })
  )
}).annotate({
  expected: "a mapping with targets",
  description: "The models that this one stands for."
})
export type ModelRouting = typeof ModelRouting.Type
export type RoutingTarget = ModelRouting["targets"][number]
