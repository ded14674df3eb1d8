/** `remote::strata` for file processors: another Strata reads files, or a server of Llama Stack's family. */
import { Effect, Layer, Option, Schema, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import type { FileBytes, ProcessOptions } from "../../../apis/file-processors/FileProcessor.ts"
import { FileProcessor } from "../../../apis/file-processors/FileProcessor.ts"
import { FileProcessorsApi } from "../../../apis/file-processors/FileProcessorsApi.ts"
import type { FileChunk } from "../../../apis/file-processors/FileProcessorsModels.ts"
import { ProcessFileResponse } from "../../../apis/file-processors/FileProcessorsModels.ts"
import * as OutgoingForm from "../../../kernel/bytes/OutgoingForm.ts"
import * as ExtractionLimits from "../../../kernel/extraction/ExtractionLimits.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import type { FileUnreadableReason } from "../../../kernel/text/FileUnreadable.ts"
import { FileUnreadable, reasons } from "../../../kernel/text/FileUnreadable.ts"
import type { TextChunk } from "../../../kernel/text/ProcessedFile.ts"
import * as ProcessedText from "./ProcessedText.ts"
import { Data, withLongestFile } from "./StrataConfig.ts"
import * as StrataConnection from "./StrataConnection.ts"
import * as StrataFailure from "./StrataFailure.ts"

const path = "/v1alpha/file-processors/process"

const Config = withLongestFile(ExtractionLimits.defaults.max_file_bytes)

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(ProcessFileResponse))

const isReason = (code: string | undefined): code is FileUnreadableReason =>
  code !== undefined && (reasons as ReadonlyArray<string>).includes(code)

const failureOf = (provider: string) => (error: ProviderError): FileUnreadable => {
  const { code, message } = StrataFailure.of(error)
  return isReason(code)
    ? new FileUnreadable({ reason: code, message })
    : new FileUnreadable({ reason: "processor_failed", message: `The file processor ${provider} failed: ${message}` })
}

const chunkOf = ({ chunk_metadata, content, metadata }: FileChunk, index: number): TextChunk => {
  const [start, end] = ProcessedText.windowOf(chunk_metadata.chunk_window, content)
  return { index, text: content, tokens: chunk_metadata.content_token_count, start, end, metadata }
}

const make = Effect.fnUntraced(function*(config: typeof Config.Type, provider_id: string) {
  const connection = yield* StrataConnection.make(config, { api: FileProcessorsApi.name, provider_id })
  const { accepted, boundedText, invalid } = StrataConnection.callsOf(connection)
  const process = Effect.fnUntraced(function*({ bytes, contentType, name }: FileBytes, { chunking }: ProcessOptions) {
    yield* connection.bounded
    const file = { field: "file", filename: name, contentType }
    const form = OutgoingForm.make({ chunking_strategy: JSON.stringify(chunking) }, file, Stream.make(bytes))
    const response = yield* accepted(HttpClientRequest.post(path).pipe(HttpClientRequest.setBody(form)))
    const answer = decode(yield* boundedText(response))
    if (Option.isNone(answer)) return yield* invalid("no chunks of a file: check base_url")
    const { chunks, metadata: { characters, content_type: type, parts, warnings } } = answer.value
    const made = chunks.map(chunkOf)
    return { contentType: type, ...ProcessedText.of(made, { characters, parts }), chunks: made, warnings }
  })
  return FileProcessor.of({
    maxFileBytes: config.max_file_bytes,
    process: (file, options) => Effect.mapError(process(file, options), failureOf(connection.provider))
  })
})

export const StrataProcessor = Provider.make({
  api: FileProcessorsApi,
  type: "remote::strata",
  displayName: "Files read by another Strata",
  description: "Another Strata makes text and chunks of files.",
  config: Config,
  requires: [],
  capabilities: ["file_processing"],
  providerData: Data,
  status: { status: "proven", against: "another Strata, over loopback" },
  layer: (config, { provider_id }) => Layer.effect(FileProcessor, make(config, provider_id))
})
