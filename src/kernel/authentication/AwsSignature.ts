/** AWS: each request is signed (Signature Version 4), or carries a Bedrock API key as a bearer token. */
import { Config, DateTime, Effect, Option, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import type { Authentication, AuthenticationType } from "./Authentication.ts"
import type { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as AwsCredentials from "./AwsCredentials.ts"
import * as LibraryCall from "./LibraryCall.ts"
import * as RotatingSecret from "./RotatingSecret.ts"
import * as WholeRequest from "./WholeRequest.ts"

const usualRegion = "us-east-1"

/** As the tools of AWS find it. */
const regionOfEnvironment = Config.NonEmptyString("AWS_REGION").pipe(
  Config.orElse(() => Config.NonEmptyString("AWS_DEFAULT_REGION")),
  Config.withDefault(usualRegion),
  Effect.orElseSucceed(() => usualRegion)
)

export const fields = {
  region_name: Schema.String.check(Schema.isPattern(/^[a-z0-9-]+$/, { expected: "a region such as us-east-1" })).pipe(
    Schema.withDecodingDefaultKey(regionOfEnvironment)
  ).annotate({
    description: `The region that is asked, for example eu-central-1. Default AWS_REGION of the environment, then ` +
      `AWS_DEFAULT_REGION, then ${usualRegion}.`
  }).pipe(FieldPrompt.annotate({ displayName: "Region", env: "AWS_REGION", prompt: "AWS region" })),
  ...AwsCredentials.fields
}

interface SignatureConfig extends AwsCredentials.Config {
  readonly region_name: string
  readonly api_key?: Redacted.Redacted
}

/** Whatever else a request has may change on its way. */
const isSigned = (name: string): boolean => name === "content-type" || name.startsWith("x-amz-")

const openHeaders = ["x-amz-date", "x-amz-content-sha256"]

const sign = (service: string, { region_name }: SignatureConfig, credentials: AwsCredentials.Given) =>
  Effect.fnUntraced(
    function*(
      request: HttpClientRequest.HttpClientRequest
    ): Effect.fn.Return<HttpClientRequest.HttpClientRequest, AuthenticationFailed> {
      const { body, headers, method, url } = yield* WholeRequest.of(request)
      const identity = yield* credentials
      const [{ SignatureV4 }, { Sha256 }] = yield* LibraryCall.load(
        "@smithy/signature-v4",
        () => Promise.all([import("@smithy/signature-v4"), import("@aws-crypto/sha256-js")])
      )
      const signer = new SignatureV4({ service, region: region_name, credentials: identity, sha256: Sha256 })
      const now = yield* DateTime.now
      const query: Record<string, string | Array<string>> = {}
      for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name)
      const signed = yield* LibraryCall.ask(
        () =>
          signer.sign({
            method,
            protocol: url.protocol,
            hostname: url.hostname,
            ...url.port === "" ? {} : { port: Number(url.port) },
            path: url.pathname,
            query,
            headers: {
              host: url.host,
              ...Object.fromEntries(Object.entries(headers).filter(([name]) => isSigned(name)))
            },
            body
          }, { signingDate: DateTime.toDateUtc(now) }),
        "the request could not be signed",
        "Check region_name and the AWS credentials"
      )
      const { host: _, ...added } = signed.headers
      return HttpClientRequest.setHeaders(request, added)
    }
  )

/** A Bedrock API key that stands in the environment only, as the tools of AWS take it. */
const keyOfEnvironment = Config.Redacted("AWS_BEARER_TOKEN_BEDROCK").pipe(
  Config.option,
  Effect.orElseSucceed(Option.none<Redacted.Redacted>)
)

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** `service`: `bedrock`. */
export const awsSignature = (service: string): AuthenticationType<SignatureConfig> => ({
  name: "AWS Signature Version 4, or a Bedrock API key",
  takesClientKey: true,
  make: Effect.fnUntraced(function*(config): Effect.fn.Return<Authentication> {
    const secrets = yield* ConfiguredSecrets
    const ofEnvironment = AwsCredentials.isExplicit(config) ? Option.none() : yield* keyOfEnvironment
    if (Option.isSome(ofEnvironment) && Redacted.value(ofEnvironment.value) !== "") {
      const key = ofEnvironment.value
      secrets.add(key)
      return {
        authorize: bearer,
        sign: (request) => Effect.succeed(HttpClientRequest.bearerToken(request, key))
      }
    }
    const isSecret = { key: RotatingSecret.make(secrets), token: RotatingSecret.make(secrets) }
    const credentials = Effect.tap(
      AwsCredentials.make(config),
      ({ secretAccessKey, sessionToken }) =>
        Effect.sync(() => {
          isSecret.key(secretAccessKey)
          if (sessionToken !== undefined) isSecret.token(sessionToken)
        })
    )
    return { authorize: bearer, sign: sign(service, config, credentials), openHeaders }
  })
})
