/** The endpoints of chat completions that are kept, as OpenAI's document has them. */
import { Schema } from "effect"
import { HttpApiEndpoint, OpenApi } from "effect/http-api"
import * as Answers from "../../kernel/dialects/chat/described/Answers.ts"
import { DescribedWire } from "../../kernel/http/DescribedWire.ts"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { deepObject, parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded, RunsAgain } from "../../kernel/http/RouteAnnotations.ts"
import {
  DeletedCompletion,
  MessagesQuery,
  StoredCompletion,
  StoredCompletionList,
  StoredCompletionsQuery,
  StoredMessageList,
  UpdateStoredCompletion
} from "./StoredCompletionsModels.ts"

const params = {
  completion_id: Schema.String.annotate({ description: "The completion's `id`.", examples: ["chatcmpl-6f0a1c"] })
}

export const listChatCompletions = HttpApiEndpoint.get("listChatCompletions", "/chat/completions", {
  query: StoredCompletionsQuery,
  success: StoredCompletionList,
  error: documentErrors.list
}).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.storedCompletionList }).annotateMerge(
  OpenApi.annotations({
    identifier: "listChatCompletions",
    summary: "List stored chat completions",
    description: "Those whose requests said `store: true`, a page at a time, the oldest first. `model` and " +
      "`metadata[key]=value` choose among them.",
    transform: (operation) =>
      deepObject("metadata", "Only those with these pairs: `metadata[ticket]=4711`. Default: any.")(
        parameters(StoredCompletionsQuery)(operation)
      )
  })
)

export const retrieveChatCompletion = HttpApiEndpoint.get(
  "retrieveChatCompletion",
  "/chat/completions/:completion_id",
  {
    params,
    success: StoredCompletion,
    error: documentErrors.read
  }
).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.storedCompletion }).annotateMerge(
  OpenApi.annotations({
    identifier: "retrieveChatCompletion",
    summary: "Retrieve a stored chat completion",
    description: "The answer as it was given, with its metadata and the messages it answers.",
    transform: parameters({ fields: params })
  })
)

export const updateChatCompletion = HttpApiEndpoint.post("updateChatCompletion", "/chat/completions/:completion_id", {
  params,
  payload: UpdateStoredCompletion,
  success: StoredCompletion,
  error: documentErrors.change
}).annotate(OpensSession, false).annotate(RunsAgain, true).annotate(DescribedWire, {
  response: Answers.storedCompletion
}).annotateMerge(OpenApi.annotations({
  identifier: "updateChatCompletion",
  summary: "Update a stored chat completion",
  description: "Its metadata is what is sent, all of it. Nothing else of it changes.",
  transform: parameters({ fields: params })
}))

export const deleteChatCompletion = HttpApiEndpoint.delete("deleteChatCompletion", "/chat/completions/:completion_id", {
  params,
  success: DeletedCompletion,
  error: documentErrors.change
}).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
  identifier: "deleteChatCompletion",
  summary: "Delete a stored chat completion",
  description: "No answer has it any more. What the log keeps of it: docs/state.md.",
  transform: parameters({ fields: params })
}))

export const listChatCompletionMessages = HttpApiEndpoint.get(
  "listChatCompletionMessages",
  "/chat/completions/:completion_id/messages",
  { params, query: MessagesQuery, success: StoredMessageList, error: documentErrors.list }
).annotate(Recorded, false).annotate(DescribedWire, { response: Answers.storedMessageList }).annotateMerge(
  OpenApi.annotations({
    identifier: "listChatCompletionMessages",
    summary: "List the messages of a stored chat completion",
    description: "The messages that were sent, the first one first, a page at a time.",
    transform: parameters({ fields: params }, MessagesQuery)
  })
)
