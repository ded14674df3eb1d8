/** The HTTP face of file processors: OGX's. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { InternalServerError, TooManyRequests } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { BodyPasses, OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import {
  CreateFileJob,
  FileJob,
  FileJobList,
  FileJobParams,
  FileJobResult,
  FileJobsQuery,
  ProcessFileResponse,
  ProcessForm
} from "./FileProcessorsModels.ts"

const form = ProcessForm.pipe(HttpApiSchema.asMultipartStream({
  maxParts: 16,
  maxFieldSize: 64 * 1024,
  // The processor says how long a file may be: it is counted as it comes.
  maxFileSize: Number.MAX_SAFE_INTEGER,
  maxTotalSize: Number.MAX_SAFE_INTEGER,
  fieldMimeTypes: []
}))

const processErrors = [...documentErrors.change, TooManyRequests, InternalServerError] as const

export class FileProcessorsRoutes extends HttpApiGroup.make("file_processors")
  .add(
    HttpApiEndpoint.post("processFile", "/file-processors/process", {
      payload: form,
      success: ProcessFileResponse,
      error: processErrors
    }).annotate(OpensSession, false).annotate(BodyPasses, true).annotateMerge(OpenApi.annotations({
      identifier: "processFile",
      summary: "Process a file",
      description:
        "Makes text of a file and cuts it into chunks, ready for a vector store. The form has the file, as " +
        "`file`, or the id of one that is kept here, as `file_id`; `chunking_strategy` and `options` are written as JSON."
    })),
    HttpApiEndpoint.post("createFileProcessingJob", "/file-processors/jobs", {
      payload: CreateFileJob,
      success: FileJob,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createFileProcessingJob",
      summary: "Process a file in the background",
      description: "Returns at once; the job is done whatever happens to this server."
    })),
    HttpApiEndpoint.get("listFileProcessingJobs", "/file-processors/jobs", {
      query: FileJobsQuery,
      success: FileJobList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listFileProcessingJobs",
      summary: "List jobs",
      description: "The jobs that may be seen, a page at a time, without their chunks.",
      transform: parameters(FileJobsQuery)
    })),
    HttpApiEndpoint.get("retrieveFileProcessingJob", "/file-processors/jobs/:job_id", {
      params: FileJobParams,
      success: FileJobResult,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveFileProcessingJob",
      summary: "Retrieve a job",
      description: "How far it is; and the chunks, once it is completed.",
      transform: parameters({ fields: FileJobParams })
    })),
    HttpApiEndpoint.post("cancelFileProcessingJob", "/file-processors/jobs/:job_id/cancel", {
      params: FileJobParams,
      success: FileJob,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelFileProcessingJob",
      summary: "Cancel a job",
      description: "Stops it; there will be no chunks.",
      transform: parameters({ fields: FileJobParams })
    }))
  )
  .prefix("/v1alpha")
  .annotateMerge(OpenApi.annotations({
    title: "File processors",
    description: "Text and chunks of files: PDF, office files, HTML, Markdown, tables, texts."
  }))
{}
