/** Vector stores run the contract of all documents that clients keep. */
import { documentContract } from "../../support/documentContract.ts"

const metadata = { topic: "changed" }

documentContract({
  name: "vector stores",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1/vector_stores", body: { name: "Manuals" } }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, includes: "Manuals" })
    },
    {
      name: "update",
      ask: ({ id }) => ({ method: "POST", path: `/v1/vector_stores/${id}`, body: { metadata } }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, includes: "changed" })
    },
    {
      name: "let it expire",
      ask: ({ id }) => ({
        method: "POST",
        path: `/v1/vector_stores/${id}`,
        body: { expires_after: { anchor: "last_active_at", days: 7 } }
      }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, includes: "\"days\":7" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/vector_stores/${id}` }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/vector_stores/${id}`, `/v1/vector_stores/${id}/files`],
  lists: ["/v1/vector_stores"]
})
