/** The HTTP face of prompts, as Llama Stack's clients ask. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded, RunsAgain } from "../../kernel/http/RouteAnnotations.ts"
import {
  CreatePrompt,
  Prompt,
  PromptList,
  PromptQuery,
  PromptsQuery,
  PromptVersionsQuery,
  SetDefaultVersion,
  UpdatePrompt
} from "./PromptsModels.ts"

const params = { prompt_id: Schema.String.annotate({ description: "The prompt's id.", examples: ["pmpt_6f0a1c"] }) }

export class PromptsRoutes extends HttpApiGroup.make("prompts")
  .add(
    HttpApiEndpoint.get("listPrompts", "/prompts", {
      query: PromptsQuery,
      success: PromptList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listPrompts",
      summary: "List prompts",
      description: "The default version of each prompt, a page at a time.",
      transform: parameters(PromptsQuery)
    })),
    HttpApiEndpoint.post("createPrompt", "/prompts", {
      payload: CreatePrompt,
      success: Prompt,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "createPrompt",
      summary: "Create a prompt",
      description: "Keeps a text as version 1 of a new prompt. `{{name}}` in it stands for a variable."
    })),
    HttpApiEndpoint.get("retrievePrompt", "/prompts/:prompt_id", {
      params,
      query: PromptQuery,
      success: Prompt,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrievePrompt",
      summary: "Retrieve a prompt",
      description: "The version that is asked for, or the default one.",
      transform: parameters({ fields: params }, PromptQuery)
    })),
    HttpApiEndpoint.put("updatePrompt", "/prompts/:prompt_id", {
      params,
      payload: UpdatePrompt,
      success: Prompt,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "updatePrompt",
      summary: "Update a prompt",
      description:
        "Makes a new version behind the latest, which the request has to name: two who change a prompt at once do not undo each other. Earlier versions stay.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.delete("deletePrompt", "/prompts/:prompt_id", {
      params,
      success: HttpApiSchema.NoContent,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "deletePrompt",
      summary: "Delete a prompt",
      description: "The prompt is gone, with all its versions.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.put("setDefaultPromptVersion", "/prompts/:prompt_id/set-default-version", {
      params,
      payload: SetDefaultVersion,
      success: Prompt,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "setDefaultPromptVersion",
      summary: "Set the default version",
      description: "Who names no version gets this one from here on.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("listPromptVersions", "/prompts/:prompt_id/versions", {
      params,
      query: PromptVersionsQuery,
      success: PromptList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listPromptVersions",
      summary: "List a prompt's versions",
      description: "All versions, the oldest first.",
      transform: parameters({ fields: params }, PromptVersionsQuery)
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Prompts", description: "Prompts that are kept, in versions." }))
{}
