/** Events of the model registry: its routing table is their fold. */
import { Schema } from "effect"
import { ModelRouting } from "../../kernel/resources/ModelRouting.ts"
import { ModelType } from "../../kernel/resources/ModelType.ts"
import * as ResourceEvents from "../../kernel/resources/ResourceEvents.ts"

export const ModelsEvents = ResourceEvents.define({
  type: "model",
  stream: "models",
  noun: "A model",
  fields: {
    created: Schema.Int.annotate({ description: "Seconds since 1970, as the vendor says; 0 when it does not." }),
    owned_by: Schema.String,
    model_type: Schema.optionalKey(ModelType.annotate({ description: "Absent: llm." })),
    routing: Schema.optionalKey(ModelRouting),
    metadata: Schema.optionalKey(
      Schema.JsonObject.annotate({ description: "What who registered it, or its provider, says of it." })
    )
  }
})

export const Registered = ModelsEvents.registered
export const Unregistered = ModelsEvents.unregistered

/** The stream of the registry. */
export const { stream } = ModelsEvents
