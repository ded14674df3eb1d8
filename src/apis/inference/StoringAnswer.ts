/** An answer that is kept on its way to the client: its end goes out when that is committed. */
import { Cause, Effect, Exit, Result, Schema } from "effect"
import { parse } from "../../events/types/JsonAccess.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import * as WholeBody from "../../kernel/bytes/WholeBody.ts"
import type { ChatCompletionRequest } from "../../kernel/dialects/chat/Wire.ts"
import { mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import { BadRequest, envelope } from "../../kernel/http/HttpErrors.ts"
import * as FirstIssue from "../../kernel/issues/FirstIssue.ts"
import type { StoredCompletions } from "./StoredCompletions.ts"
import { answerIn } from "./StoredCompletions.ts"
import { StoreMetadata } from "./StoredCompletionsModels.ts"
import * as StreamedCompletion from "./StreamedCompletion.ts"

type Store = (answer: Schema.JsonObject) => Effect.Effect<void, unknown>

const decodeMetadata = Schema.decodeUnknownResult(StoreMetadata)

const metadataIn = (request: ChatCompletionRequest) => {
  const decoded = decodeMetadata(request)
  if (Result.isSuccess(decoded)) return Effect.succeed(decoded.success.metadata ?? {})
  const { message, path } = FirstIssue.of(decoded.failure)
  return Effect.fail(new BadRequest(envelope(`${path}: ${message}`, { param: path })))
}

/** Of a stream that breaks off, and of one whose client leaves, nothing is kept. */
const streamed = <E>(
  bytes: Bytes.Bytes<E> & { readonly body: ByteSource.ByteSource<E> },
  store: Store,
  run: ByteSource.Passing["run"]
) => {
  const isLast = bytes.dialect?.isLastFrame ?? (() => false)
  const body = ByteSource.through<E, E>(bytes.body, (sink) => {
    const chunks: Array<Uint8Array> = []
    let held: Uint8Array | undefined
    return {
      chunk: (chunk) => {
        chunks.push(chunk)
        if (isLast(chunk)) held = chunk
        else sink.chunk(chunk)
      },
      end: () => {
        const answer = StreamedCompletion.of(Buffer.concat(chunks).toString("utf8"))
        run(answer === undefined ? Effect.void : store(answer), (exit) => {
          if (Exit.isFailure(exit)) return sink.fail(Cause.die(Cause.squash(exit.cause)))
          if (held !== undefined) sink.chunk(held)
          return sink.end()
        })
      },
      fail: (cause) => sink.fail(cause)
    }
  })
  return { ...bytes, body }
}

/** `answer`: what the model says, which is asked where its answer may be kept. */
export const of = Effect.fnUntraced(function*<E, F>(
  stored: StoredCompletions,
  request: ChatCompletionRequest,
  answer: Effect.Effect<Bytes.Bytes<E>, F>
) {
  const metadata = yield* metadataIn(request)
  yield* mapDocumentErrors(stored.authorize)
  const bytes = yield* answer
  const body = request as unknown as Schema.JsonObject
  const messages = request.messages as unknown as ReadonlyArray<Schema.JsonObject>
  const asked = { model: request.model, messages, metadata, body }
  if (bytes.status !== 200) return bytes
  if (Bytes.isStreamed(bytes)) {
    const run = ByteSource.runIn(yield* Effect.context<never>())
    return streamed<E>(bytes, (completion) => stored.store(asked, completion), run)
  }
  const completion = answerIn(parse(WholeBody.textOf(bytes.body as WholeBody.WholeBody)))
  if (completion !== undefined) yield* mapDocumentErrors(stored.store(asked, completion))
  return bytes
})
