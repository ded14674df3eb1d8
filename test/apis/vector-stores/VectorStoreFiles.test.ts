/** What a vector store has runs the contract of all documents: each change that was answered survives `kill -9`. */
import type { DocumentChange } from "../../support/documentContract.ts"
import { documentContract } from "../../support/documentContract.ts"

const fileForm = (text = "Oslo is cold.") => {
  const data = new FormData()
  data.append("purpose", "assistants")
  data.append("file", new File([text], "kept.txt"))
  return data
}

const about = (id: string | undefined) => `vector_store_id=${id}&document_id=own`

const insertedChunks: DocumentChange = {
  name: "insert chunks",
  ask: ({ id }) => ({
    method: "POST",
    path: "/v1/vector-io/insert",
    body: {
      vector_store_id: id!,
      chunks: [{ chunk_id: "c1", content: "Bananas are yellow.", chunk_metadata: { document_id: "own" } }]
    }
  }),
  seen: ({ id }) => ({ path: `/v1alpha/vector-io/chunks?${about(id)}`, includes: "Bananas" })
}

documentContract({
  name: "files and chunks of vector stores",
  changes: [
    {
      name: "create a file",
      ask: () => ({ method: "POST", path: "/v1/files", body: fileForm() }),
      learn: ({ id: file }: { readonly id: string }) => ({ file }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, includes: "Oslo" })
    },
    {
      name: "create a store with it",
      ask: ({ file }) => ({ method: "POST", path: "/v1/vector_stores", body: { name: "Manuals", file_ids: [file!] } }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      seen: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "vector_store.file" }),
      settled: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "\"completed\"" })
    },
    {
      name: "update the file's attributes",
      ask: ({ file, id }) => ({
        method: "POST",
        path: `/v1/vector_stores/${id}/files/${file}`,
        body: { attributes: { topic: "changed" } }
      }),
      seen: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "changed" })
    },
    {
      name: "attach it in a batch",
      ask: ({ file, id }) => ({
        method: "POST",
        path: `/v1/vector_stores/${id}/file_batches`,
        body: { file_ids: [file!], attributes: { topic: "again" } }
      }),
      learn: ({ id: batch }: { readonly id: string }) => ({ batch }),
      seen: ({ batch, id }) => ({ path: `/v1/vector_stores/${id}/file_batches/${batch}/files`, includes: "again" }),
      settled: ({ batch, id }) => ({
        path: `/v1/vector_stores/${id}/file_batches/${batch}`,
        includes: "\"completed\":1"
      })
    },
    insertedChunks,
    {
      name: "update chunks",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1alpha/vector-io/chunks/update",
        body: { vector_store_id: id!, document_id: "own", metadata: { topic: "fruit" } }
      }),
      seen: ({ id }) => ({ path: `/v1alpha/vector-io/chunks?${about(id)}`, includes: "fruit" })
    },
    {
      name: "remove chunks",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1alpha/vector-io/chunks/remove",
        body: { vector_store_id: id!, document_id: "own" }
      }),
      seen: ({ id }) => ({ path: `/v1alpha/vector-io/chunks/count?${about(id)}`, includes: "\"count\":0" })
    },
    {
      name: "take the file out",
      ask: ({ file, id }) => ({ method: "DELETE", path: `/v1/vector_stores/${id}/files/${file}` }),
      seen: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, status: 404 })
    },
    {
      name: "attach it",
      ask: ({ file, id }) => ({ method: "POST", path: `/v1/vector_stores/${id}/files`, body: { file_id: file! } }),
      seen: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "vector_store.file" }),
      settled: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "\"completed\"" })
    },
    {
      name: "delete the store",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/vector_stores/${id}` }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, status: 404 })
    }
  ],
  reads: ({ batch, file, id }) =>
    id === undefined ? [] : [
      `/v1/vector_stores/${id}`,
      `/v1/vector_stores/${id}/files`,
      ...file === undefined ? [] : [
        `/v1/vector_stores/${id}/files/${file}`,
        `/v1/vector_stores/${id}/files/${file}/content?include_metadata=true`
      ],
      ...batch === undefined ? [] : [`/v1/vector_stores/${id}/file_batches/${batch}`]
    ],
  lists: ["/v1/vector_stores"]
})

documentContract({
  name: "batches of files that are cancelled",
  changes: [
    {
      name: "create a store",
      ask: () => ({ method: "POST", path: "/v1/vector_stores", body: { embedding_model: "upstream/e" } }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, includes: "upstream/e" })
    },
    {
      name: "create a file",
      isOfAnyone: true,
      ask: () => ({ method: "POST", path: "/v1/files", body: fileForm("never") }),
      learn: ({ id: file }: { readonly id: string }) => ({ file }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, includes: "never" })
    },
    {
      name: "attach it in a batch",
      ask: ({ file, id }) => ({
        method: "POST",
        path: `/v1/vector_stores/${id}/file_batches`,
        body: { file_ids: [file!] }
      }),
      learn: ({ id: batch }: { readonly id: string }) => ({ batch }),
      seen: ({ batch, id }) => ({
        path: `/v1/vector_stores/${id}/file_batches/${batch}`,
        includes: "\"in_progress\":1"
      })
    },
    {
      name: "cancel it",
      ask: ({ batch, id }) => ({ method: "POST", path: `/v1/vector_stores/${id}/file_batches/${batch}/cancel` }),
      seen: ({ batch, id }) => ({
        path: `/v1/vector_stores/${id}/file_batches/${batch}`,
        includes: "\"status\":\"cancelled\""
      }),
      settled: ({ file, id }) => ({ path: `/v1/vector_stores/${id}/files/${file}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete the store",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/vector_stores/${id}` }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, status: 404 })
    }
  ],
  reads: ({ batch, file, id }) => [
    `/v1/vector_stores/${id}`,
    `/v1/vector_stores/${id}/files?filter=cancelled`,
    `/v1/vector_stores/${id}/files/${file}`,
    `/v1/vector_stores/${id}/file_batches/${batch}`
  ],
  lists: ["/v1/vector_stores"]
})

documentContract({
  name: "vector stores that expire",
  changes: [
    {
      name: "create",
      ask: () => ({
        method: "POST",
        path: "/v1/vector_stores",
        body: { name: "For a day", expires_after: { anchor: "last_active_at", days: 1 } }
      }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, includes: "For a day" })
    },
    insertedChunks,
    {
      name: "expire",
      hoursLater: 25,
      seen: ({ id }) => ({ path: `/v1alpha/vector-io/chunks/count?${about(id)}`, includes: "\"count\":0" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/vector_stores/${id}` }),
      seen: ({ id }) => ({ path: `/v1/vector_stores/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/vector_stores/${id}`],
  lists: ["/v1/vector_stores"]
})
