/** Responses and interactions, and each way to change them: for the contract of all documents. */
import type { DocumentCase } from "./documentContract.ts"

const learnId = ({ id }: { readonly id: string }) => ({ id })

const responses: DocumentCase = {
  name: "responses",
  changes: [
    {
      name: "create",
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "first", temperature: 1 }
      }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/responses/${id}/input_items`, includes: "first" })
    },
    {
      name: "go on",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "second", previous_response_id: id! }
      }),
      learn: ({ id: next }: { readonly id: string }) => ({ next }),
      seen: ({ next }) => ({ path: `/v1/responses/${next}/input_items`, includes: "first" })
    },
    {
      name: "go on over a connection",
      ask: ({ id }) => ({
        method: "WEBSOCKET",
        path: "/v1/responses",
        body: { type: "response.create", model: "upstream/m", input: "connected", previous_response_id: id! }
      }),
      learn: ({ id: connected }: { readonly id: string }) => ({ connected }),
      seen: ({ connected }) => ({ path: `/v1/responses/${connected}/input_items`, includes: "connected" })
    },
    {
      name: "compact",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1/responses/compact",
        body: { model: "upstream/m", previous_response_id: id! }
      }),
      learn: ({ output }: { readonly output: ReadonlyArray<unknown> }) => ({ compacted: JSON.stringify(output) }),
      // Nothing is kept of it, and what it was made of stays.
      seen: ({ id }) => ({ path: `/v1/responses/${id}/input_items`, includes: "first" })
    },
    {
      name: "go on from what was compacted",
      isOfAnyone: true,
      ask: ({ compacted }) => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: JSON.parse(compacted!) }
      }),
      learn: ({ id: shorter }: { readonly id: string }) => ({ shorter }),
      seen: ({ shorter }) => ({ path: `/v1/responses/${shorter}/input_items`, includes: "encrypted_content" })
    },
    {
      name: "create in the background",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "third", background: true }
      }),
      learn: ({ id: later }: { readonly id: string }) => ({ later }),
      seen: ({ later }) => ({ path: `/v1/responses/${later}/input_items`, includes: "third" }),
      settled: ({ later }) => ({ path: `/v1/responses/${later}`, includes: "\"completed\"" })
    },
    {
      name: "create what is answered never",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "never", background: true }
      }),
      learn: ({ id: never }: { readonly id: string }) => ({ never }),
      seen: ({ never }) => ({ path: `/v1/responses/${never}/input_items`, includes: "never" })
    },
    {
      name: "cancel",
      ask: ({ never }) => ({ method: "POST", path: `/v1/responses/${never}/cancel` }),
      seen: ({ never }) => ({ path: `/v1/responses/${never}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/responses/${id}` }),
      seen: ({ id }) => ({ path: `/v1/responses/${id}`, status: 404 })
    }
  ],
  reads: ({ connected, id, later, never, next, shorter }) =>
    [id, next, connected, shorter, later, never].flatMap((each) =>
      each === undefined ? [] : [
        `/v1/responses/${each}`,
        `/v1/responses/${each}?stream=true`,
        `/v1/responses/${each}/input_items`
      ]
    ),
  lists: ["/v1/responses"]
}

const interactions: DocumentCase = {
  name: "interactions",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1beta/interactions", body: { model: "upstream/m", input: "first" } }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1beta/interactions/${id}?include_input=true`, includes: "first" })
    },
    {
      name: "go on",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1alpha/interactions",
        body: { model: "upstream/m", input: "second", previous_interaction_id: id! }
      }),
      learn: ({ id: next }: { readonly id: string }) => ({ next }),
      seen: ({ next }) => ({ path: `/v1beta/interactions/${next}?include_input=true`, includes: "second" })
    },
    {
      name: "create in the background",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1beta/interactions",
        body: { model: "upstream/m", input: "third", background: true }
      }),
      learn: ({ id: later }: { readonly id: string }) => ({ later }),
      seen: ({ later }) => ({ path: `/v1beta/interactions/${later}?include_input=true`, includes: "third" }),
      settled: ({ later }) => ({ path: `/v1beta/interactions/${later}`, includes: "\"completed\"" })
    },
    {
      name: "create what is answered never",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1beta/interactions",
        body: { model: "upstream/m", input: "never", background: true }
      }),
      learn: ({ id: never }: { readonly id: string }) => ({ never }),
      seen: ({ never }) => ({ path: `/v1beta/interactions/${never}?include_input=true`, includes: "never" })
    },
    {
      name: "cancel",
      ask: ({ never }) => ({ method: "POST", path: `/v1beta/interactions/${never}/cancel` }),
      seen: ({ never }) => ({ path: `/v1beta/interactions/${never}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1beta/interactions/${id}` }),
      seen: ({ id }) => ({ path: `/v1beta/interactions/${id}`, status: 404 })
    }
  ],
  reads: ({ id, later, never, next }) =>
    [id, next, later, never].flatMap((each) =>
      each === undefined ? [] : [
        `/v1beta/interactions/${each}?include_input=true`,
        `/v1beta/interactions/${each}?stream=true`
      ]
    ),
  lists: []
}

export const answerCases: ReadonlyArray<DocumentCase> = [responses, interactions]
