/** Files, and what is made of them, for the contract of all documents. */
import type { DocumentCase } from "./documentContract.ts"

const learnId = ({ id }: { readonly id: string }) => ({ id })

const fileForm = () => {
  const data = new FormData()
  data.append("purpose", "user_data")
  data.append("file", new File(["kept"], "kept.txt"))
  return data
}

const files: DocumentCase = {
  name: "files",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1/files", body: fileForm() }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/files/${id}/content`, includes: "kept" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/files/${id}` }),
      seen: ({ id }) => ({ path: `/v1/files/${id}/content`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/files/${id}`, `/v1/files/${id}/content`],
  lists: ["/v1/files", "/v1/files?purpose=user_data"]
}

const part = (text: string) => {
  const data = new FormData()
  data.append("data", new File([text], "part"))
  return data
}

const uploads: DocumentCase = {
  name: "uploads",
  changes: [
    {
      name: "begin",
      ask: () => ({
        method: "POST",
        path: "/v1/uploads",
        body: { filename: "kept.txt", bytes: 8, mime_type: "text/plain", purpose: "user_data" }
      }),
      learn: ({ id: upload }: { readonly id: string }) => ({ upload }),
      seen: () => ({ path: "/v1/files", includes: "[]" })
    },
    {
      name: "add a part",
      ask: ({ upload }) => ({ method: "POST", path: `/v1/uploads/${upload}/parts`, body: part("kept") }),
      learn: ({ id: first }: { readonly id: string }) => ({ first }),
      seen: () => ({ path: "/v1/files", includes: "[]" })
    },
    {
      name: "complete",
      ask: ({ first, upload }) => ({
        method: "POST",
        path: `/v1/uploads/${upload}/complete`,
        body: { part_ids: [first!, first!] }
      }),
      learn: ({ file }: { readonly file: { readonly id: string } }) => file,
      seen: ({ id }) => ({ path: `/v1/files/${id}/content`, includes: "keptkept" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/files/${id}` }),
      seen: ({ id }) => ({ path: `/v1/files/${id}/content`, status: 404 })
    }
  ],
  reads: ({ id }) => id === undefined ? [] : [`/v1/files/${id}`, `/v1/files/${id}/content`],
  lists: ["/v1/files"]
}

const fileProcessingJobs: DocumentCase = {
  name: "file processing jobs",
  changes: [
    {
      name: "create a file",
      ask: () => ({ method: "POST", path: "/v1/files", body: fileForm() }),
      learn: ({ id: file }: { readonly id: string }) => ({ file }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, includes: "kept" })
    },
    {
      name: "create",
      ask: ({ file }) => ({ method: "POST", path: "/v1alpha/file-processors/jobs", body: { file_id: file! } }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1alpha/file-processors/jobs/${id}`, includes: "file_processing_job" }),
      settled: ({ id }) => ({ path: `/v1alpha/file-processors/jobs/${id}`, includes: "\"completed\"" })
    },
    {
      name: "delete its file",
      ask: ({ file }) => ({ method: "DELETE", path: `/v1/files/${file}` }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, status: 404 })
    }
  ],
  reads: ({ id }) => id === undefined ? [] : [`/v1alpha/file-processors/jobs/${id}`],
  lists: ["/v1alpha/file-processors/jobs"]
}

export const fileCases: ReadonlyArray<DocumentCase> = [files, uploads, fileProcessingJobs]
