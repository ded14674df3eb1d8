/** Batches run the contract of all documents. */
import { documentContract } from "../../support/documentContract.ts"

documentContract({
  name: "batches",
  changes: [
    {
      name: "create",
      ask: () => ({
        method: "POST",
        path: "/v1/messages/batches",
        body: {
          requests: [{
            custom_id: "first",
            params: { model: "upstream/m", max_tokens: 9, messages: [{ role: "user", content: "Hello?" }] }
          }]
        }
      }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      until: ({ id }) => ({ path: `/v1/messages/batches/${id}`, includes: "\"ended\"" }),
      seen: ({ id }) => ({ path: `/v1/messages/batches/${id}/results`, includes: "succeeded" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/messages/batches/${id}` }),
      seen: ({ id }) => ({ path: `/v1/messages/batches/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/messages/batches/${id}`, `/v1/messages/batches/${id}/results`],
  lists: ["/v1/messages/batches"],
  cursor: "after_id"
})
