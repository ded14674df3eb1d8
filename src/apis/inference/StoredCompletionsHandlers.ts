/** Binds the endpoints of chat completions that are kept. */
import { Effect } from "effect"
import { mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import { toListWithTexts } from "../../kernel/http/Pagination.ts"
import type { StoredCompletions } from "./StoredCompletions.ts"
import type { MessagesQuery, StoredCompletionsQuery } from "./StoredCompletionsModels.ts"

interface OfCompletion {
  readonly params: { readonly completion_id: string }
}

const inBrackets = /^metadata\[(.+)\]$/

/** `metadata[key]=value`, as OpenAI's clients write it. */
const metadataIn = (url: string): Record<string, string> =>
  Object.fromEntries(
    [...new URLSearchParams(url.split("?")[1] ?? "")].flatMap(([name, value]) => {
      const key = inBrackets.exec(name)?.[1]
      return key === undefined ? [] : [[key, value]]
    })
  )

export const of = (stored: StoredCompletions) => ({
  listChatCompletions: (
    { query, request }: { readonly query: StoredCompletionsQuery; readonly request: { readonly url: string } }
  ) => Effect.map(mapDocumentErrors(stored.list(query, metadataIn(request.url))), toListWithTexts),
  retrieveChatCompletion: ({ params }: OfCompletion) => mapDocumentErrors(stored.get(params.completion_id)),
  updateChatCompletion: (
    { params, payload }: OfCompletion & {
      readonly payload: { readonly metadata: Readonly<Record<string, string>> | null }
    }
  ) => mapDocumentErrors(stored.update(params.completion_id, payload.metadata ?? {})),
  deleteChatCompletion: ({ params: { completion_id } }: OfCompletion) =>
    Effect.as(mapDocumentErrors(stored.remove(completion_id)), {
      object: "chat.completion.deleted" as const,
      id: completion_id,
      deleted: true
    }),
  listChatCompletionMessages: ({ params, query }: OfCompletion & { readonly query: MessagesQuery }) =>
    Effect.map(mapDocumentErrors(stored.messages(params.completion_id, query)), toListWithTexts)
})
