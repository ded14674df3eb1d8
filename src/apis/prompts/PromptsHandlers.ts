/** Binds the endpoints of prompts to their service. */
import { Effect } from "effect"
import { mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Prompts } from "./Prompts.ts"
import { PromptsRoutes } from "./PromptsRoutes.ts"

export const PromptsHandlers = ApiHandlers.make(
  PromptsRoutes,
  Effect.fn(function*(handlers) {
    const prompts = yield* Prompts
    return handlers.handleAll({
      listPrompts: ({ query }) => mapDocumentErrors(prompts.list(query)),
      createPrompt: ({ payload }) => mapDocumentErrors(prompts.create(payload)),
      retrievePrompt: ({ params, query }) => mapDocumentErrors(prompts.get(params.prompt_id, query.version)),
      updatePrompt: ({ params, payload }) => mapDocumentErrors(prompts.update(params.prompt_id, payload)),
      deletePrompt: ({ params }) => mapDocumentErrors(prompts.remove(params.prompt_id)),
      setDefaultPromptVersion: ({ params, payload }) =>
        mapDocumentErrors(prompts.setDefault(params.prompt_id, payload.version)),
      listPromptVersions: ({ params, query }) =>
        mapDocumentErrors(prompts.versions(params.prompt_id, { order: "asc", ...query }))
    })
  })
)
