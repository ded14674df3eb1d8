/** Files, and what is made of them, for the contract of all documents. */
import type { DocumentCase, Known } from "./documentContract.ts"

const learnId = ({ id }: { readonly id: string }) => ({ id })

const fileForm = (more: Readonly<Record<string, string>> = {}) => {
  const data = new FormData()
  data.append("purpose", "user_data")
  for (const [key, value] of Object.entries(more)) data.append(key, value)
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

const expiringFiles: DocumentCase = {
  name: "files that expire",
  changes: [
    {
      name: "create",
      ask: () => ({
        method: "POST",
        path: "/v1/files",
        body: fileForm({ "expires_after[anchor]": "created_at", "expires_after[seconds]": "3600" })
      }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/files/${id}/content`, includes: "kept" })
    },
    {
      name: "expire",
      hoursLater: 2,
      seen: ({ id }) => ({ path: `/v1/files/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/files/${id}`, `/v1/files/${id}/content`],
  lists: ["/v1/files"]
}

const part = (text: string) => {
  const data = new FormData()
  data.append("data", new File([text], "part"))
  return data
}

const begun = {
  method: "POST",
  path: "/v1/uploads",
  body: { filename: "kept.txt", bytes: 8, mime_type: "text/plain", purpose: "user_data" }
}

/** An upload has no GET: what is said of its end says how far it is. */
const completed = (upload: string | undefined, part_ids: ReadonlyArray<string>) => ({
  method: "POST",
  path: `/v1/uploads/${upload}/complete`,
  body: { part_ids }
})

const uploads: DocumentCase = {
  name: "uploads",
  changes: [
    {
      name: "begin",
      ask: () => begun,
      learn: ({ id: upload }: { readonly id: string }) => ({ upload }),
      seen: ({ upload }) => ({ ...completed(upload, ["part_none"]), status: 400, includes: "The upload has no part" })
    },
    {
      name: "add a part",
      ask: ({ upload }) => ({ method: "POST", path: `/v1/uploads/${upload}/parts`, body: part("kept") }),
      learn: ({ id: first }: { readonly id: string }) => ({ first }),
      seen: ({ first, upload }) => ({
        ...completed(upload, [first!]),
        status: 400,
        includes: "The parts have 4 bytes together"
      })
    },
    {
      name: "complete",
      ask: ({ first, upload }) => completed(upload, [first!, first!]),
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

const addedPart = {
  name: "add a part",
  ask: ({ id }: Known) => ({ method: "POST", path: `/v1/uploads/${id}/parts`, body: part("kept") }),
  learn: ({ id: first }: { readonly id: string }) => ({ first }),
  seen: ({ first, id }: Known) => ({ ...completed(id, [first!]), status: 400, includes: "4 bytes together" })
}

const endedUploads = [
  {
    name: "uploads that are cancelled",
    status: "cancelled",
    end: { ask: ({ id }: Known) => ({ method: "POST", path: `/v1/uploads/${id}/cancel` }) }
  },
  { name: "uploads that nobody completes", status: "expired", end: { hoursLater: 2 } }
].map(({ end, name, status }): DocumentCase => ({
  name,
  changes: [
    {
      name: "begin",
      ask: () => begun,
      learn: learnId,
      seen: ({ id }) => ({ ...completed(id, ["part_none"]), status: 400, includes: "The upload has no part" })
    },
    addedPart,
    {
      name: "end",
      ...end,
      seen: ({ first, id }) => ({ ...completed(id, [first!]), status: 409, includes: `${id} is ${status}` })
    }
  ],
  reads: () => [],
  lists: []
}))

const cancelledJobs: DocumentCase = {
  name: "file processing jobs that are cancelled",
  // Who is to read it never does.
  providers: (base_url) => ({
    file_processors: [{ provider_id: "far", provider_type: "remote::strata", config: { base_url } }]
  }),
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
      seen: ({ id }) => ({ path: `/v1alpha/file-processors/jobs/${id}`, includes: "file_processing_job" })
    },
    {
      name: "cancel",
      ask: ({ id }) => ({ method: "POST", path: `/v1alpha/file-processors/jobs/${id}/cancel` }),
      seen: ({ id }) => ({ path: `/v1alpha/file-processors/jobs/${id}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete its file",
      ask: ({ file }) => ({ method: "DELETE", path: `/v1/files/${file}` }),
      seen: ({ file }) => ({ path: `/v1/files/${file}/content`, status: 404 })
    }
  ],
  reads: ({ id }) => id === undefined ? [] : [`/v1alpha/file-processors/jobs/${id}`],
  lists: ["/v1alpha/file-processors/jobs", "/v1alpha/file-processors/jobs?status=cancelled"]
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

export const fileCases: ReadonlyArray<DocumentCase> = [
  files,
  expiringFiles,
  uploads,
  ...endedUploads,
  cancelledJobs,
  fileProcessingJobs
]
