/** The HTTP face of images: OpenAI's. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { answerErrors } from "../../kernel/http/AnswerErrors.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import * as FormPayload from "../../kernel/media/FormPayload.ts"
import * as Described from "./ImagesDescribed.ts"
import {
  CreateImageEditRequest,
  CreateImageRequest,
  ImageEditForm,
  ImageFrame,
  ImagesResponse,
  ImageVariationForm
} from "./ImagesModels.ts"

const events = HttpApiSchema.StreamSse({ events: ImageFrame })

export class ImagesRoutes extends HttpApiGroup.make("images")
  .add(
    HttpApiEndpoint.post("createImage", "/images/generations", {
      payload: CreateImageRequest,
      success: [ImagesResponse, events],
      error: answerErrors
    }).annotate(DescribedWire, { event: Described.imageEvent }).annotateMerge(OpenApi.annotations({
      identifier: "createImage",
      summary: "Create images",
      description:
        "Has images made of a text, in OpenAI's dialect, where the model's provider has the endpoint. With `stream: true` " +
        "the answer is a stream of server-sent events, with unfinished images where they are asked for. The vendor's answer " +
        "stands in the log as it came: of images by URL, the URL alone."
    })),
    HttpApiEndpoint.post("createImageEdit", "/images/edits", {
      payload: [CreateImageEditRequest, FormPayload.form(ImageEditForm)],
      success: [ImagesResponse, events],
      error: answerErrors
    }).annotate(DescribedWire, { event: Described.imageEvent }).annotateMerge(OpenApi.annotations({
      identifier: "createImageEdit",
      summary: "Edit images",
      description:
        "Has images made of others and a text: of files in a form, which goes on as it came but for the model's name, or of " +
        "images that JSON names. It may be as long as `server.max_body_bytes` says."
    })),
    HttpApiEndpoint.post("createImageVariation", "/images/variations", {
      payload: FormPayload.form(ImageVariationForm),
      success: ImagesResponse,
      error: answerErrors
    }).annotateMerge(OpenApi.annotations({
      identifier: "createImageVariation",
      summary: "Create variations of an image",
      description: "Has images made that are like another, which comes in a form."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Images", description: "Images made of texts and of images." }))
{}
