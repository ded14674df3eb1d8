/** `remote::openai` for files: their content lives at OpenAI, which makes ids of its own. */
import { Effect, Layer, Result, Schema, Stream } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import { createHash } from "node:crypto"
import { FilesApi } from "../../../apis/files/FilesApi.ts"
import { FilePurpose } from "../../../apis/files/FilesModels.ts"
import type { ByteRange, FileAbout, StorageKey } from "../../../apis/files/FileStorage.ts"
import { FileStorage, StorageFailed } from "../../../apis/files/FileStorage.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as TimeLimits from "../../../kernel/client/TimeLimits.ts"
import * as VendorClient from "../../../kernel/client/VendorClient.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"

const vendorUrl = "https://api.openai.com/v1"

export const Config = Schema.Struct({
  base_url: BaseUrl.field.pipe(Schema.withDecodingDefaultKey(Effect.succeed(vendorUrl))).annotate({
    description: `Where the API begins, its version included. Default ${vendorUrl}.`
  }).pipe(FieldPrompt.annotate({ prompt: "Base URL of the API, its version included" })),
  api_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Sent with each request. Absent or empty: none is sent."
  }).pipe(FieldPrompt.annotate({ env: "OPENAI_API_KEY", prompt: "API key (empty: none is sent)" })),
  purpose: FilePurpose.pipe(Schema.withDecodingDefaultKey(Effect.succeed("user_data" as const))).annotate({
    description: "The purpose at OpenAI of files whose form names it behind the file. Default user_data."
  }).pipe(FieldPrompt.annotate({ prompt: "Purpose of files whose form names it behind the file" })),
  max_file_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "The longest file that is taken, bytes. Default 536870912 (512 MiB), as OpenAI takes it.",
    default: 512 * 1024 * 1024
  }).pipe(FieldPrompt.annotate({ prompt: "The longest file that is taken, bytes" })),
  ...TimeLimits.fields("the vendor")
})
export type Config = typeof Config.Type

const decodeFile = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Struct({ id: Schema.NonEmptyString })))
const decodeError = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ error: Schema.Struct({ message: Schema.String }) }))
)

const boundary = "strata-part-5f1d0c9a7b3e4f62"
const lineBreak = "\r\n"
const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

/** As browsers write names in forms. */
const quoted = (text: string): string => text.replaceAll("\"", "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const formOf = <E>(content: Stream.Stream<Uint8Array, E>, { contentType, filename }: FileAbout, purpose: string) =>
  Stream.concat(
    Stream.make(encoded(
      [
        `--${boundary}`,
        "Content-Disposition: form-data; name=\"purpose\"",
        "",
        purpose,
        `--${boundary}`,
        `Content-Disposition: form-data; name="file"; filename="${quoted(filename)}"`,
        `Content-Type: ${contentType.replaceAll(/[\r\n]/g, "")}`,
        "",
        ""
      ].join(lineBreak)
    )),
    Stream.concat(content, Stream.make(encoded(`${lineBreak}--${boundary}--${lineBreak}`)))
  )

/** OpenAI gives no ranges: what stands before is left out, and what stands behind is not waited for. */
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

/** Ids of files that were written a moment ago, and are recorded nowhere yet. */
const mostRecent = 1000

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const { api_key, base_url, max_file_bytes: maxFileBytes, purpose: usualPurpose } = config
  const client = (yield* VendorClient.dedicated(yield* HttpClient.HttpClient, TimeLimits.of(config))).pipe(
    HttpClient.mapRequest(yield* BaseUrl.prepend(BaseUrl.partsOf(base_url))),
    api_key === undefined ? (same) => same : HttpClient.mapRequest(HttpClientRequest.bearerToken(api_key))
  )
  const recent = new Map<StorageKey, string>()
  const remember = (key: StorageKey, id: string): void => {
    recent.set(key, id)
    const [oldest] = recent.keys()
    if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest)
  }

  const failed = (operation: string) => (reason: string, missing = false) =>
    new StorageFailed({ provider, operation, missing, reason })

  const unreached = (operation: string) => ({ message }: HttpClientError.HttpClientError) => failed(operation)(message)

  /** The vendor's own words where it has any. */
  const refused = Effect.fnUntraced(function*(operation: string, response: HttpClientResponse.HttpClientResponse) {
    const { status } = response
    const text = yield* Effect.orElseSucceed(response.text, () => "")
    const error = decodeError(text)
    const words = Result.isSuccess(error) ? error.success.error.message : text.slice(0, 200)
    return failed(operation)(`the vendor answered ${status}${words === "" ? "" : `: ${words}`}`, status === 404)
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
      Effect.asVoid(ask("be removed", HttpClientRequest.delete(`/files/${id}`))),
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
      const form = formOf(counted, about, about.purpose ?? usualPurpose)
      const body = HttpBody.stream(form, `multipart/form-data; boundary=${boundary}`)
      const request = HttpClientRequest.post("/files").pipe(HttpClientRequest.setBody(body))
      const answer = Effect.flatMap(ask("be written", request), (response) =>
        Effect.mapError(response.text, unreached("be written")))
      const text = yield* Effect.catch(answer, (error): Effect.Effect<never, E | StorageFailed> =>
        Effect.fail(broken === undefined ? error : broken.error))
      const file = decodeFile(text)
      if (Result.isFailure(file)) {
        return yield* failed("be written")("the vendor's answer names no id")
      }
      const reference = file.success.id
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
      const response = yield* ask("be read", HttpClientRequest.get(`/files/${id}/content`))
      const content = Stream.mapError(response.stream, unreached("be read"))
      return range === undefined ? content : within(content, range)
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
    health: Effect.asVoid(ask("be reached", HttpClientRequest.get("/files?limit=1"))).pipe(
      Effect.mapError(({ message }) => ({ message }))
    )
  })
})

export const OpenAiFiles = Provider.make({
  api: FilesApi,
  type: "remote::openai",
  displayName: "Files at OpenAI",
  description: "Keeps the content of files at OpenAI, for its models to read; what may be read back, OpenAI says.",
  config: Config,
  requires: [],
  capabilities: ["files"],
  status: {
    status: "fixture",
    against: "answers written by hand from OpenAI's public document",
    open: [
      "OpenAI gives back no files of the purposes assistants and user_data: uploads in parts need another provider"
    ]
  },
  layer: (config, { provider_id }) => Layer.effect(FileStorage, make(config, provider_id))
})
