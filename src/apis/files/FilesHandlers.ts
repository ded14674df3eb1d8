/** Binds the endpoints of files to their service. */
import { Effect } from "effect"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as FileDownload from "./FileDownload.ts"
import { Files } from "./Files.ts"
import { failures, mapFileErrors } from "./FilesErrors.ts"
import { FilesRoutes } from "./FilesRoutes.ts"

const byUpload = failures.mapErrors("upload_id")

export const FilesHandlers = ApiHandlers.make(
  FilesRoutes,
  Effect.fn(function*(handlers) {
    const files = yield* Files
    return handlers.handleAll({
      createFile: ({ payload }) => mapFileErrors(files.create(payload)),
      listFiles: ({ query }) => Effect.map(mapFileErrors(files.list(query)), toList),
      retrieveFile: ({ params }) => Effect.map(mapFileErrors(files.get(params.file_id)), ({ file }) => file),
      deleteFile: ({ params: { file_id } }) =>
        Effect.as(mapFileErrors(files.remove(file_id)), {
          id: file_id,
          object: "file" as const,
          deleted: true as const
        }),
      downloadFile: ({ params, request }) =>
        Effect.flatMap(
          mapFileErrors(files.get(params.file_id)),
          (kept) =>
            FileDownload.answer(files, kept, request.headers).pipe(
              Effect.catchTag("NoFileStorage", (error) => Effect.fail(failures.toHttpError(error)))
            )
        ),
      createUpload: ({ payload }) => mapFileErrors(files.begin(payload)),
      addUploadPart: ({ params, payload }) => byUpload(files.addPart(params.upload_id, payload)),
      completeUpload: ({ params, payload }) => byUpload(files.complete(params.upload_id, payload)),
      cancelUpload: ({ params }) => byUpload(files.cancel(params.upload_id))
    })
  })
)
