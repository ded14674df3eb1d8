/** Binds the endpoints of file processors to their service. */
import { Effect } from "effect"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { Files } from "../files/Files.ts"
import * as FileChunks from "./FileChunks.ts"
import { mapProcessorErrors } from "./FileProcessorErrors.ts"
import { FileProcessors } from "./FileProcessors.ts"
import { FileProcessorsRoutes } from "./FileProcessorsRoutes.ts"
import * as ProcessForm from "./ProcessForm.ts"

export const FileProcessorsHandlers = ApiHandlers.make(
  FileProcessorsRoutes,
  Effect.fn(function*(handlers) {
    const processors = yield* FileProcessors
    const files = yield* Files
    return handlers.handleAll({
      processFile: ({ payload }) =>
        mapProcessorErrors(Effect.gen(function*() {
          const { content, fields: { chunking_strategy: chunking } } = yield* ProcessForm.read(
            payload,
            yield* processors.maxFileBytes
          )
          const processed = yield* processors.process({ content, ...chunking === undefined ? {} : { chunking } })
          const source = "fileId" in content
            ? { fileId: content.fileId, name: (yield* files.get(content.fileId)).file.filename }
            : { fileId: null, name: content.name }
          return FileChunks.responseOf(processed, { ...source, created_at: yield* DocumentTime.seconds })
        })),
      createFileProcessingJob: ({ payload }) => mapProcessorErrors(processors.createJob(payload)),
      listFileProcessingJobs: ({ query }) => Effect.map(mapProcessorErrors(processors.listJobs(query)), toList),
      retrieveFileProcessingJob: ({ params }) => mapProcessorErrors(processors.getJob(params.job_id)),
      cancelFileProcessingJob: ({ params }) => mapProcessorErrors(processors.cancelJob(params.job_id))
    })
  })
)
