/** The keys that requests to AWS are signed with: configured, of a profile, or those the machine has. */
import { Effect, Redacted, Schema } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as LibraryCall from "./LibraryCall.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String))

export const fields = {
  aws_access_key_id: secret.annotate({
    description:
      "Access key id. Absent or empty: the profile's, or what the default chain of AWS finds (environment, " +
      "shared files, SSO, web identity, container, instance)."
  }).pipe(FieldPrompt.annotate({ env: "AWS_ACCESS_KEY_ID", prompt: "AWS access key id (empty: the default chain)" })),
  aws_secret_access_key: secret.annotate({ description: "The secret of the access key." })
    .pipe(FieldPrompt.annotate({ env: "AWS_SECRET_ACCESS_KEY", prompt: "AWS secret access key" })),
  aws_session_token: secret.annotate({ description: "The session token, where the access key is a temporary one." })
    .pipe(FieldPrompt.annotate({ env: "AWS_SESSION_TOKEN", prompt: "AWS session token (empty: none)" })),
  profile_name: Schema.optionalKey(Schema.String).annotate({
    description: "A profile of the shared AWS files. Absent or empty: AWS_PROFILE of the environment, else `default`."
  }).pipe(FieldPrompt.annotate({ displayName: "Profile", env: "AWS_PROFILE", prompt: "AWS profile (empty: default)" })),
  aws_role_arn: Schema.optionalKey(Schema.String).annotate({
    description: "The role that the default chain takes with the token of aws_web_identity_token_file."
  }).pipe(FieldPrompt.annotate({ env: "AWS_ROLE_ARN", prompt: "AWS role for a web identity (empty: none)" })),
  aws_web_identity_token_file: Schema.optionalKey(Schema.String).annotate({
    description: "A file with the token of a web identity. Absent or empty: AWS_WEB_IDENTITY_TOKEN_FILE."
  }).pipe(FieldPrompt.annotate({ env: "AWS_WEB_IDENTITY_TOKEN_FILE", prompt: "File of its token (empty: none)" }))
}

export interface Config {
  readonly aws_access_key_id?: Redacted.Redacted
  readonly aws_secret_access_key?: Redacted.Redacted
  readonly aws_session_token?: Redacted.Redacted
  readonly profile_name?: string
  readonly aws_role_arn?: string
  readonly aws_web_identity_token_file?: string
}

/** Whose key it is. */
export interface Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export type Given = Effect.Effect<Identity, AuthenticationFailed>

const textOf = (secret: Redacted.Redacted | undefined): string => secret === undefined ? "" : Redacted.value(secret)

/** Whether the configuration itself says whose account it is. */
export const isExplicit = ({ aws_access_key_id, aws_secret_access_key, profile_name = "" }: Config): boolean =>
  textOf(aws_access_key_id) !== "" || textOf(aws_secret_access_key) !== "" || profile_name !== ""

const chain = ({ aws_role_arn = "", aws_web_identity_token_file = "", profile_name = "" }: Config): Given => {
  const init = {
    ...profile_name === "" ? {} : { profile: profile_name },
    ...aws_role_arn === "" ? {} : { roleArn: aws_role_arn },
    ...aws_web_identity_token_file === "" ? {} : { webIdentityTokenFile: aws_web_identity_token_file }
  }
  let provider: (() => Promise<Identity>) | undefined
  return Effect.gen(function*() {
    const { defaultProvider } = yield* LibraryCall.load(
      "@aws-sdk/credential-provider-node",
      () => import("@aws-sdk/credential-provider-node")
    )
    const ask = provider ??= defaultProvider(init)
    return yield* LibraryCall.ask(
      () => ask(),
      "no AWS credentials",
      "Set aws_access_key_id and aws_secret_access_key, a profile_name, or an api_key of Bedrock"
    )
  })
}

/** The library keeps what it finds, and asks again before it ends. */
export const make = (config: Config): Given => {
  const [accessKeyId, secretAccessKey] = [textOf(config.aws_access_key_id), textOf(config.aws_secret_access_key)]
  const sessionToken = textOf(config.aws_session_token)
  if (accessKeyId === "" && secretAccessKey === "") return chain(config)
  if (accessKeyId !== "" && secretAccessKey !== "") {
    return Effect.succeed({ accessKeyId, secretAccessKey, ...sessionToken === "" ? {} : { sessionToken } })
  }
  const missing = accessKeyId === "" ? "aws_access_key_id" : "aws_secret_access_key"
  return Effect.fail(new AuthenticationFailed({ message: `${missing} is missing: set both keys, or neither` }))
}
