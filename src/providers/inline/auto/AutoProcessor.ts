/** `inline::auto`: reads files of every type it knows, in threads of this process. */
import { Layer } from "effect"
import { FileProcessor } from "../../../apis/file-processors/FileProcessor.ts"
import { FileProcessorsApi } from "../../../apis/file-processors/FileProcessorsApi.ts"
import * as ThreadedProcessor from "../../../apis/file-processors/ThreadedProcessor.ts"
import { ExtractionLimits } from "../../../kernel/extraction/ExtractionLimits.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

export const AutoProcessor = Provider.make({
  api: FileProcessorsApi,
  type: "inline::auto",
  displayName: "Files read here",
  description: "Makes text of PDF, office files, HTML, Markdown, tables and texts, in threads with limits.",
  config: ExtractionLimits,
  requires: [],
  capabilities: ["file_processing"],
  status: { status: "proven", against: "small files of every type, in the tests" },
  layer: (config) => Layer.effect(FileProcessor, ThreadedProcessor.make(config))
})
