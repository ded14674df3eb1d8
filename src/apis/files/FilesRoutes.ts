/** The HTTP face of files and uploads: OpenAI's. */
import type { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  RangeNotSatisfiable,
  ServiceUnavailable,
  UnsupportedMediaType
} from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { BodyPasses, OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import {
  CompleteUpload,
  CreateUpload,
  DeletedFile,
  File,
  FileForm,
  FileList,
  FileParams,
  FilesQuery,
  PartForm,
  Upload,
  UploadParams,
  UploadPart
} from "./FilesModels.ts"

const writeErrors = [BadRequest, Forbidden, PayloadTooLarge, UnsupportedMediaType, ServiceUnavailable] as const

/** How long a file may be is its storage's to say: it is counted as it comes. */
const limits = { maxParts: 16, maxFieldSize: 64 * 1024, maxFileSize: Number.MAX_SAFE_INTEGER } as const

const form = <S extends Schema.Top>(schema: S) =>
  schema.pipe(HttpApiSchema.asMultipartStream({
    ...limits,
    maxTotalSize: Number.MAX_SAFE_INTEGER,
    // A file of JSON is a file too: what has a name is one.
    fieldMimeTypes: []
  }))

const content = HttpApiSchema.StreamUint8Array({ contentType: "application/octet-stream" })

export class FilesRoutes extends HttpApiGroup.make("files")
  .add(
    HttpApiEndpoint.post("createFile", "/files", {
      payload: form(FileForm),
      success: File,
      error: writeErrors
    }).annotate(OpensSession, false).annotate(BodyPasses, true).annotateMerge(OpenApi.annotations({
      identifier: "createFile",
      summary: "Upload a file",
      description: "Stores a file, as a form with the parts `file` and `purpose`, and `expires_after[anchor]` and " +
        "`expires_after[seconds]` where it is to be deleted of itself. The bytes go to the storage as they come."
    })),
    HttpApiEndpoint.get("listFiles", "/files", {
      query: FilesQuery,
      success: FileList,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listFiles",
      summary: "List files",
      description: "The files that may be seen, a page at a time.",
      transform: parameters(FilesQuery)
    })),
    HttpApiEndpoint.get("retrieveFile", "/files/:file_id", {
      params: FileParams,
      success: File,
      error: [NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveFile",
      summary: "Retrieve a file",
      description: "What is known of a file: name, length, purpose.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.delete("deleteFile", "/files/:file_id", {
      params: FileParams,
      success: DeletedFile,
      error: [Forbidden, NotFound, Conflict, ServiceUnavailable]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "deleteFile",
      summary: "Delete a file",
      description: "Removes the content from its storage, then the file.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.get("downloadFile", "/files/:file_id/content", {
      params: FileParams,
      success: content,
      error: [RangeNotSatisfiable, NotFound, ServiceUnavailable]
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "downloadFile",
      summary: "Download a file",
      description: "The content. With a header `range: bytes=first-last` that part of it alone, with status 206; " +
        "`if-none-match` with its `etag` gives 304.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.post("createUpload", "/uploads", {
      payload: CreateUpload,
      success: Upload,
      error: writeErrors
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createUpload",
      summary: "Begin an upload",
      description: "Begins a file that comes in parts, within an hour."
    })),
    HttpApiEndpoint.post("addUploadPart", "/uploads/:upload_id/parts", {
      params: UploadParams,
      payload: form(PartForm),
      success: UploadPart,
      error: [...writeErrors, NotFound, Conflict]
    }).annotate(OpensSession, false).annotate(BodyPasses, true).annotateMerge(OpenApi.annotations({
      identifier: "addUploadPart",
      summary: "Add a part",
      description: "Stores a part, as a form with the part `data`. Parts may come side by side and in any order.",
      transform: parameters({ fields: UploadParams })
    })),
    HttpApiEndpoint.post("completeUpload", "/uploads/:upload_id/complete", {
      params: UploadParams,
      payload: CompleteUpload,
      success: Upload,
      error: [...writeErrors, NotFound, Conflict]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "completeUpload",
      summary: "Complete an upload",
      description:
        "Makes a file of the parts, in the order given. Their length must be what was said in the beginning.",
      transform: parameters({ fields: UploadParams })
    })),
    HttpApiEndpoint.post("cancelUpload", "/uploads/:upload_id/cancel", {
      params: UploadParams,
      success: Upload,
      error: [Forbidden, NotFound, Conflict, ServiceUnavailable]
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelUpload",
      summary: "Cancel an upload",
      description: "Removes the parts. The upload takes no more.",
      transform: parameters({ fields: UploadParams })
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Files", description: "What clients keep here, for models to read." }))
{}
