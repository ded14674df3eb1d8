/** IBM Cloud: an API key buys a token at IAM, which goes with each request as a bearer token. */
import { Clock, Duration, Effect, Option, Redacted, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { openStruct } from "../../events/types/OpenSchema.ts"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { url } from "../provider/FieldSchema.ts"
import type { Authentication, AuthenticationType } from "./Authentication.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import { limit } from "./LibraryCall.ts"
import type { Token } from "./TokenCache.ts"
import * as TokenCache from "./TokenCache.ts"

const iam = "https://iam.cloud.ibm.com"

export const fields = {
  iam_url: url.pipe(Schema.withDecodingDefaultKey(Effect.succeed(iam))).annotate({
    description: `Where IBM's IAM gives tokens for the API key. Default ${iam}.`
  }).pipe(FieldPrompt.annotate({ displayName: "IAM URL", prompt: "URL of IBM's IAM" }))
}

interface Config {
  readonly iam_url: string
  readonly api_key?: Redacted.Redacted
}

const Answer = Schema.fromJsonString(openStruct({
  access_token: Schema.NonEmptyString,
  /** Seconds. */
  expires_in: Schema.Finite.check(Schema.isGreaterThan(0))
}))
const decodeAnswer = Schema.decodeUnknownOption(Answer)

const Refusal = Schema.fromJsonString(openStruct({ errorMessage: Schema.String }))
const decodeRefusal = Schema.decodeUnknownOption(Refusal)

const longestAnswer = 64 * 1024

const textOf = (client: HttpClient.HttpClient, request: HttpClientRequest.HttpClientRequest, at: string) => {
  const unreachable = (detail: string) =>
    new AuthenticationFailed({ message: `IBM's IAM at ${at} could not be reached: ${detail}. Check iam_url` })
  return client.execute(request).pipe(
    Effect.flatMap(({ status, stream }) =>
      stream.pipe(
        Stream.mapError(({ message }) => unreachable(message)),
        Stream.limitBytes(longestAnswer, () => Stream.fail(unreachable("its answer is too long"))),
        Stream.decodeText,
        Stream.mkString,
        Effect.map((text) => ({ status, text }))
      )
    ),
    Effect.mapError((error) => error._tag === "AuthenticationFailed" ? error : unreachable(error.message)),
    Effect.timeoutOrElse({
      duration: limit,
      orElse: () => Effect.fail(unreachable(`no answer within ${Duration.format(limit)}`))
    })
  )
}

const fetchToken = (
  client: HttpClient.HttpClient,
  at: string,
  key: string
): Effect.Effect<Token, AuthenticationFailed> =>
  Effect.gen(function*() {
    const request = HttpClientRequest.post(`${at.replace(/\/+$/, "")}/identity/token`).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.bodyUrlParams({ grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: key })
    )
    const { status, text } = yield* textOf(client, request, at)
    const answer = status < 300 ? decodeAnswer(text) : Option.none()
    if (Option.isSome(answer)) {
      const now = yield* Clock.currentTimeMillis
      return { value: Redacted.make(answer.value.access_token), endsAt: now + answer.value.expires_in * 1000 }
    }
    const detail = Option.match(decodeRefusal(text), {
      onNone: () => "",
      onSome: ({ errorMessage }) => `: ${errorMessage.slice(0, 300)}`
    })
    const remedy = status < 300 ? "its answer has no token: check iam_url" : "check api_key and iam_url"
    return yield* new AuthenticationFailed({ message: `IBM's IAM at ${at} answered ${status}${detail}; ${remedy}` })
  })

const missing = new AuthenticationFailed({ message: "no API key is configured: set api_key to one of IBM Cloud" })

export const ibmIam: AuthenticationType<Config> = {
  name: "IBM IAM token",
  takesClientKey: false,
  make: Effect.fnUntraced(function*({ api_key, iam_url }): Effect.fn.Return<
    Authentication,
    never,
    HttpClient.HttpClient
  > {
    const client = yield* HttpClient.HttpClient
    const key = api_key === undefined ? "" : Redacted.value(api_key)
    const token = yield* TokenCache.make(key === "" ? Effect.fail(missing) : fetchToken(client, iam_url, key))
    return { sign: (request) => Effect.map(token, (token) => HttpClientRequest.bearerToken(request, token)) }
  })
}
