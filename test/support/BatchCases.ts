/** Batches, for the contract of all documents. */
import type { DocumentCase } from "./documentContract.ts"

const batches: DocumentCase = {
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
      name: "create what is answered never",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1/messages/batches",
        body: {
          requests: [{
            custom_id: "second",
            params: { model: "upstream/m", max_tokens: 9, messages: [{ role: "user", content: "never" }] }
          }]
        }
      }),
      learn: ({ id: never }: { readonly id: string }) => ({ never }),
      seen: ({ never }) => ({ path: `/v1/messages/batches/${never}`, includes: "\"in_progress\"" })
    },
    {
      name: "cancel",
      ask: ({ never }) => ({ method: "POST", path: `/v1/messages/batches/${never}/cancel` }),
      seen: ({ never }) => ({ path: `/v1/messages/batches/${never}`, includes: "\"cancel_initiated_at\":\"" }),
      settled: ({ never }) => ({ path: `/v1/messages/batches/${never}`, includes: "\"ended\"" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/messages/batches/${id}` }),
      seen: ({ id }) => ({ path: `/v1/messages/batches/${id}`, status: 404 })
    }
  ],
  reads: ({ id, never }) => [
    `/v1/messages/batches/${id}`,
    `/v1/messages/batches/${id}/results`,
    ...never === undefined ? [] : [`/v1/messages/batches/${never}`]
  ],
  lists: ["/v1/messages/batches"],
  cursor: "after_id"
}

const linesForm = () => {
  const line = {
    custom_id: "first",
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "upstream/m", messages: [{ role: "user", content: "never" }] }
  }
  const data = new FormData()
  data.append("purpose", "batch")
  data.append("file", new File([JSON.stringify(line)], "lines.jsonl"))
  return data
}

const batchesOfFiles: DocumentCase = {
  name: "batches of files",
  changes: [
    {
      name: "create a file",
      ask: () => ({ method: "POST", path: "/v1/files", body: linesForm() }),
      learn: ({ id: file }: { readonly id: string }) => ({ file }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, includes: "custom_id" })
    },
    {
      name: "create",
      refused: 400,
      ask: ({ file }) => ({
        method: "POST",
        path: "/v1/batches",
        body: { input_file_id: file!, endpoint: "/v1/chat/completions", completion_window: "24h" }
      }),
      learn: ({ id }: { readonly id: string }) => ({ id }),
      seen: ({ id }) => ({ path: `/v1/batches/${id}`, includes: "\"batch\"" })
    },
    {
      name: "cancel",
      ask: ({ id }) => ({ method: "POST", path: `/v1/batches/${id}/cancel` }),
      seen: ({ id }) => ({ path: `/v1/batches/${id}`, includes: "\"cancel" }),
      settled: ({ id }) => ({ path: `/v1/batches/${id}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete its file",
      ask: ({ file }) => ({ method: "DELETE", path: `/v1/files/${file}` }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, status: 404 })
    }
  ],
  reads: ({ id }) => id === undefined ? [] : [`/v1/batches/${id}`],
  lists: ["/v1/batches"]
}

export const batchCases: ReadonlyArray<DocumentCase> = [batches, batchesOfFiles]
