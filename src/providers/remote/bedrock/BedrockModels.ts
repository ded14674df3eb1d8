/** The models that Bedrock lists: those that are asked by their own id, and profiles that stand for the others. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Model = openStruct({
  modelId: Schema.NonEmptyString,
  modelName: nullable(Schema.String),
  providerName: nullable(Schema.String),
  inputModalities: nullable(Schema.Array(Schema.String)),
  outputModalities: nullable(Schema.Array(Schema.String)),
  inferenceTypesSupported: nullable(Schema.Array(Schema.String)),
  responseStreamingSupported: nullable(Schema.Boolean)
})
const Profile = openStruct({ inferenceProfileId: Schema.NonEmptyString, inferenceProfileName: nullable(Schema.String) })

const decodeModels = Schema.decodeUnknownOption(openStruct({ modelSummaries: Schema.Array(Schema.Unknown) }))
const decodeProfiles = Schema.decodeUnknownOption(
  openStruct({ inferenceProfileSummaries: Schema.Array(Schema.Unknown) })
)
const decodeModel = Schema.decodeUnknownOption(Model)
const decodeProfile = Schema.decodeUnknownOption(Profile)

/** Whether it answers in text, when it is asked by its own id: others are asked by a profile. */
const answers = ({ inferenceTypesSupported, outputModalities }: typeof Model.Type): boolean =>
  (outputModalities == null || outputModalities.includes("TEXT")) &&
  (inferenceTypesSupported == null || inferenceTypesSupported.includes("ON_DEMAND"))

const ofModel = (model: typeof Model.Type): ListedModel => {
  const { inputModalities, modelId: id, modelName, providerName, responseStreamingSupported: streams } = model
  const capabilities = [
    ...(streams === true ? ["streaming"] : []),
    ...(inputModalities?.includes("IMAGE") === true ? ["vision"] : [])
  ]
  return {
    id,
    created: 0,
    owned_by: providerName ?? "amazon",
    info: { id, ...modelName == null ? {} : { display_name: modelName }, capabilities }
  }
}

const ofProfile = ({ inferenceProfileId: id, inferenceProfileName: name }: typeof Profile.Type): ListedModel => ({
  id,
  created: 0,
  owned_by: "amazon",
  info: { id, ...name == null ? {} : { display_name: name } }
})

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const [models, profiles] = [decodeModels(value), decodeProfiles(value)]
  if (Option.isSome(models)) {
    const each = models.value.modelSummaries.flatMap((model) => Option.toArray(decodeModel(model)))
    return Effect.succeed(each.filter(answers).map(ofModel))
  }
  if (Option.isSome(profiles)) {
    const each = profiles.value.inferenceProfileSummaries.flatMap((profile) => Option.toArray(decodeProfile(profile)))
    return Effect.succeed(each.map(ofProfile))
  }
  return Effect.fail(
    new NoModelList({ message: "no list of models: an object with modelSummaries or inferenceProfileSummaries" })
  )
}
