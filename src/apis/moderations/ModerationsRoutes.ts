/** The HTTP face of moderations: OpenAI's. */
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { CreateModerationRequest, CreateModerationResponse } from "./ModerationsModels.ts"

export class ModerationsRoutes extends HttpApiGroup.make("moderations")
  .add(
    HttpApiEndpoint.post("createModeration", "/moderations", {
      payload: CreateModerationRequest,
      success: CreateModerationResponse,
      error: answerErrors
    }).annotateMerge(OpenApi.annotations({
      identifier: "createModeration",
      summary: "Create a moderation",
      description:
        "Has texts and images judged by a model for moderation, in OpenAI's dialect, where the model's provider has the " +
        "endpoint. The vendor's answer, its errors included, comes back as it was given."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Moderations", description: "Judgements of texts and images." }))
{}
