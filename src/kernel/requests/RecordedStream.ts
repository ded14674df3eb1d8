/** A streamed answer on its way to the client: recorded as it passes, its end sent when all of it is committed. */
import { Cause, Exit } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as StreamDialect from "../bytes/StreamDialect.ts"
import type { RequestFailure } from "./RequestFailure.ts"
import { clientClosed, clientLeft } from "./RequestFailure.ts"
import type { RequestRecord } from "./RequestRecord.ts"

/** `failureOf` says how a failure in mid-stream looks to the client. */
export const wrap = <E>(
  bytes: Bytes<E> & { readonly body: ByteSource.ByteSource<E> },
  record: RequestRecord,
  failureOf: (error: unknown) => RequestFailure
): Bytes => {
  const { dialect = StreamDialect.plain } = bytes
  const { commit, flush } = record.recording

  const body = ByteSource.through<E, never>(bytes.body, (sink, { run }) => {
    /** From the frame by which the client has its answer. */
    const held: Array<Uint8Array> = []
    let ended = false

    /** Without its commit the stream does not end: the connection breaks, and the client knows. */
    const end = (last: ReadonlyArray<Uint8Array>) => {
      ended = true
      sink.ending?.()
      run(commit, (exit) => {
        if (Exit.isFailure(exit)) return sink.fail(Cause.die(Cause.squash(exit.cause)))
        for (const chunk of last) sink.chunk(chunk)
        return sink.end()
      })
    }

    const abandon = () => {
      if (ended) return
      ended = true
      record.broken(bytes, clientClosed, clientLeft)
      run(flush, () => {})
    }

    return {
      chunk: (chunk) => {
        record.chunk(chunk)
        if (held.length > 0 || dialect.isLastFrame(chunk)) held.push(chunk)
        else sink.chunk(chunk)
      },
      end: () => {
        record.streamed(bytes)
        end(held)
      },
      fail: (cause) => {
        if (Cause.hasInterruptsOnly(cause)) {
          abandon()
          return sink.fail(cause as Cause.Cause<never>)
        }
        const failure = failureOf(Cause.squash(cause))
        if (dialect.breaks === true) {
          ended = true
          record.broken(bytes, failure.status, failure.body.error)
          return run(commit, () => sink.fail(Cause.die(Cause.squash(cause))))
        }
        const frame = dialect.errorFrame(failure.text === undefined ? failure.body : JSON.parse(failure.text))
        record.chunk(frame)
        record.broken(bytes, failure.status, failure.body.error)
        return end([frame])
      },
      cancelled: abandon
    }
  })
  return { ...bytes, body }
}
