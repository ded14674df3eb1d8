/** Files that live with a vendor of OpenAI's Files API, which makes ids of its own. */
import { Effect, Result, Schema, Stream } from "effect"
import type { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import { HttpClientRequest } from "effect/http"
import { createHash } from "node:crypto"
import * as OutgoingForm from "../../kernel/bytes/OutgoingForm.ts"
import type { FilePurpose } from "./FilesModels.ts"
import type { ByteRange, FileAbout, StorageKey } from "./FileStorage.ts"
import { FileStorage, StorageFailed } from "./FileStorage.ts"

const decodeFile = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Struct({ id: Schema.NonEmptyString })))
const decodeError = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ error: Schema.Struct({ message: Schema.String }) }))
)

/** Of a vendor that gives no ranges: what stands before is left out, and what stands behind is not waited for. */
const within = <E>(content: Stream.Stream<Uint8Array, E>, { end, start }: ByteRange): Stream.Stream<Uint8Array, E> =>
  Stream.suspend(() => {
    let at = 0
    return content.pipe(
      Stream.takeUntil((chunk) => (at += chunk.length) > end),
      Stream.mapAccum(() => 0, (before: number, chunk) => {
        const after = before + chunk.length
        return [after, [chunk.subarray(Math.max(0, start - before), Math.max(0, end + 1 - before))]] as const
      }),
      Stream.filter((chunk) => chunk.length > 0)
    )
  })

const partial = 206

/** Ids of files that were written a moment ago, and are recorded nowhere yet. */
const mostRecent = 1000

export interface Options {
  /** The provider instance. */
  readonly provider: string
  /** Sends to the vendor: base URL and keys are its business. */
  readonly client: HttpClient.HttpClient
  /** Where files are, behind the base URL. */
  readonly path: string
  readonly maxFileBytes: number
  /** Of files whose form names none before the bytes. */
  readonly purpose: FilePurpose
  /** It gives parts of a file where it is asked for them. */
  readonly ranges: boolean
}

export const make = ({ client, maxFileBytes, path, provider, purpose: usualPurpose, ranges }: Options) => {
  const recent = new Map<StorageKey, string>()
  const remember = (key: StorageKey, id: string): void => {
    recent.set(key, id)
    const [oldest] = recent.keys()
    if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest)
  }

  const failed = (operation: string) => (reason: string, missing = false, tooLarge = false) =>
    new StorageFailed({ provider, operation, missing, tooLarge, reason })

  const unreached = (operation: string) => ({ message }: HttpClientError.HttpClientError) => failed(operation)(message)

  /** The vendor's own words where it has any. */
  const refused = Effect.fnUntraced(function*(operation: string, response: HttpClientResponse.HttpClientResponse) {
    const { status } = response
    const text = yield* Effect.orElseSucceed(response.text, () => "")
    const error = decodeError(text)
    const words = Result.isSuccess(error) ? error.success.error.message : text.slice(0, 200)
    return failed(operation)(
      `the vendor answered ${status}${words === "" ? "" : `: ${words}`}`,
      status === 404,
      status === 413
    )
  })

  const ask = Effect.fnUntraced(function*(operation: string, request: HttpClientRequest.HttpClientRequest) {
    const response = yield* Effect.mapError(client.execute(request), unreached(operation))
    return response.status < 300 ? response : yield* Effect.flatMap(refused(operation, response), Effect.fail)
  })

  const idOf = (key: StorageKey, reference: string | undefined, operation: string) => {
    const id = reference ?? recent.get(key)
    return id === undefined
      ? Effect.fail(failed(operation)("nothing says what the vendor calls it", true))
      : Effect.succeed(encodeURIComponent(id))
  }

  const removed = (id: string) =>
    Effect.catch(
      Effect.asVoid(ask("be removed", HttpClientRequest.delete(`${path}/${id}`))),
      (error) => error.missing ? Effect.void : Effect.fail(error)
    )

  const write = <E, R>(
    key: StorageKey,
    content: Stream.Stream<Uint8Array, E, R>,
    about: FileAbout = { filename: key, contentType: "application/octet-stream" }
  ) =>
    Effect.gen(function*() {
      const context = yield* Effect.context<R>()
      const sha256 = createHash("sha256")
      const md5 = createHash("md5")
      let bytes = 0
      // The client only knows that the body ended; the reason is the content's.
      let broken: { readonly error: E } | undefined
      const counted = content.pipe(
        Stream.provideContext(context),
        Stream.tap((chunk) =>
          Effect.sync(() => {
            bytes += chunk.length
            sha256.update(chunk)
            md5.update(chunk)
          })
        ),
        Stream.tapError((error) => Effect.sync(() => (broken = { error })))
      )
      const file = { field: "file", filename: about.filename, contentType: about.contentType }
      const body = OutgoingForm.make({ purpose: about.purpose ?? usualPurpose }, file, counted)
      const request = HttpClientRequest.post(path).pipe(HttpClientRequest.setBody(body))
      const answer = Effect.flatMap(ask("be written", request), (response) =>
        Effect.mapError(response.text, unreached("be written")))
      const text = yield* Effect.catch(answer, (error): Effect.Effect<never, E | StorageFailed> =>
        Effect.fail(broken === undefined ? error : broken.error))
      const made = decodeFile(text)
      if (Result.isFailure(made)) {
        return yield* failed("be written")("the vendor's answer names no id")
      }
      const reference = made.success.id
      const before = recent.get(key)
      remember(key, reference)
      if (before !== undefined && before !== reference) {
        yield* Effect.ignore(removed(encodeURIComponent(before)))
      }
      return { bytes, sha256: sha256.digest("hex"), md5: md5.digest("hex"), reference }
    })

  const read = (key: StorageKey, range?: ByteRange, reference?: string) =>
    Stream.unwrap(Effect.gen(function*() {
      const id = yield* idOf(key, reference, "be read")
      const whole = HttpClientRequest.get(`${path}/${id}/content`)
      const request = range === undefined || !ranges
        ? whole
        : HttpClientRequest.setHeader(whole, "range", `bytes=${range.start}-${range.end}`)
      const response = yield* ask("be read", request)
      const content = Stream.mapError(response.stream, unreached("be read"))
      return range === undefined || response.status === partial ? content : within(content, range)
    }))

  return FileStorage.of({
    maxFileBytes,
    write,
    read,
    remove: (key, reference) =>
      Effect.gen(function*() {
        const id = yield* Effect.option(idOf(key, reference, "be removed"))
        recent.delete(key)
        // What nobody calls anything is removed already.
        if (id._tag === "Some") yield* removed(id.value)
      }),
    health: Effect.asVoid(ask("be reached", HttpClientRequest.get(`${path}?limit=1`))).pipe(
      Effect.mapError(({ message }) => ({ message }))
    )
  })
}
