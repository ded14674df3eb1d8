/** File processors: the first provider that is configured reads files, else this process does. */
import { Effect, Layer, Stream } from "effect"
import * as ExtractionLimits from "../../kernel/extraction/ExtractionLimits.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { Instance } from "../../kernel/provider/Instance.ts"
import { auto } from "../../kernel/text/ChunkingStrategy.ts"
import { FileUnreadable } from "../../kernel/text/FileUnreadable.ts"
import { Files } from "../files/Files.ts"
import { FilesApi } from "../files/FilesApi.ts"
import * as FileJobs from "./FileJobs.ts"
import type { FileProcessor } from "./FileProcessor.ts"
import type { ProcessRequest } from "./FileProcessors.ts"
import { FileProcessors } from "./FileProcessors.ts"
import { FileProcessorsApi } from "./FileProcessorsApi.ts"
import { FileProcessorsHandlers } from "./FileProcessorsHandlers.ts"
import * as ThreadedProcessor from "./ThreadedProcessor.ts"

type Processor = FileProcessor["Service"]

const tooLong = (bytes: number, limit: number) =>
  new FileUnreadable({
    reason: "too_large",
    message:
      `The file has ${bytes} bytes, and ${limit} are read at most. Send it in parts, or raise max_file_bytes of ` +
      "the file processor."
  })

export const layer = (instances: ReadonlyArray<Instance<Processor>>) =>
  Layer.effect(
    FileProcessors,
    Effect.gen(function*() {
      const files = yield* Files
      const own = yield* ThreadedProcessor.make(ExtractionLimits.defaults)

      const processor: Effect.Effect<Processor, FileUnreadable> = Effect.suspend(() =>
        instances[0] === undefined ? Effect.succeed(own) : Effect.mapError(
          instances[0].service,
          ({ reason }) => new FileUnreadable({ reason: "processor_failed", message: reason })
        )
      )

      /** The bytes of a file that is kept here. */
      const stored = Effect.fnUntraced(function*(fileId: string, limit: number) {
        const kept = yield* files.get(fileId)
        const { content_type: contentType, file: { bytes, filename: name } } = kept
        if (bytes > limit) return yield* tooLong(bytes, limit)
        const content = yield* files.read(kept)
        return { name, contentType, bytes: Buffer.concat(yield* Stream.runCollect(content)) }
      })

      const process = Effect.fnUntraced(function*({ chunking = auto, content, onProgress }: ProcessRequest) {
        const { maxFileBytes, process } = yield* processor
        const file = "fileId" in content ? yield* stored(content.fileId, maxFileBytes) : content
        return yield* process(file, { chunking, ...onProgress === undefined ? {} : { onProgress } })
      })

      const jobs = yield* FileJobs.make({
        process,
        nameOf: (fileId) => Effect.map(files.get(fileId), ({ file }) => file.filename)
      })

      return FileProcessors.of({
        ...jobs,
        process,
        maxFileBytes: Effect.map(processor, ({ maxFileBytes }) => maxFileBytes)
      })
    })
  )

export const live = ApiModule.liveOf(FileProcessorsApi, { handlers: FileProcessorsHandlers, layer, uses: [FilesApi] })
