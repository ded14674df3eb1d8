/** Adapters of inference by how they authenticate: each before a vendor that answers nobody else. */
import { Effect, Schema } from "effect"
import type { Scope } from "effect"
import * as VendorFields from "../../src/apis/inference/VendorFields.ts"
import * as VendorProvider from "../../src/apis/inference/VendorProvider.ts"
import type { AuthenticationType } from "../../src/kernel/authentication/Authentication.ts"
import * as AwsSignature from "../../src/kernel/authentication/AwsSignature.ts"
import * as GoogleToken from "../../src/kernel/authentication/GoogleToken.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import { registry } from "../../src/providers/Registry.ts"
import type { Adapter } from "./Adapters.ts"
import * as Adapters from "./Adapters.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import * as Signatures from "./Signatures.ts"

/** OpenAI's vendor under another type; `config`: what that type needs besides. */
const as = (
  type: string,
  config: Effect.Effect<Schema.JsonObject, never, Scope.Scope>,
  definition?: (typeof registry)[number]
): Adapter => ({
  ...Adapters.openai,
  name: `remote::${type}`,
  vendor: (say) =>
    Effect.gen(function*() {
      const vendor = yield* Adapters.openai.vendor(say)
      const [entry] = vendor.options.providers!
      const own = { ...entry!.config, ...yield* config }
      return {
        ...vendor,
        options: {
          providers: [{ provider_id: type, provider_type: `remote::${type}`, config: own }],
          ...definition === undefined ? {} : { types: [...registry, definition] as never }
        },
        model: `${type}/m`
      }
    })
})

const keys = Signatures.rsaKeys()

const buyingTokens = Effect.map(
  FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { access_token: "iam-token-1", expires_in: 3600 }) }),
  ({ url }) => ({ iam_url: url.replace(/\/v1$/, "") })
)

/** A provider type of a test's own, which has nothing but this authentication. */
const typeOf = <Config extends VendorFields.Config>(
  type: `remote::${string}`,
  config: Schema.ConstraintDecoder<Config> & Schema.Top,
  authentication: AuthenticationType<Config>
) =>
  VendorProvider.make({
    type,
    displayName: type,
    description: "Of a test.",
    keyVariable: "NONE",
    config,
    authentication,
    wire: () => ({ dialect: chat })
  }) as unknown as (typeof registry)[number]

const fields = VendorFields.fieldsWithoutUrl({ example: "http://127.0.0.1", keyVariable: "NONE" })

const aws = typeOf(
  "remote::aws-signed",
  Schema.Struct({ ...fields, ...AwsSignature.fields }),
  AwsSignature.awsSignature("bedrock")
)
const google = typeOf(
  "remote::google-signed",
  Schema.Struct({ ...fields, ...GoogleToken.fields }),
  GoogleToken.googleToken
)

const account = {
  type: "service_account",
  private_key: keys.privateKey,
  client_email: "strata@p.iam.gserviceaccount.com"
}

/** No key that goes out as it is. */
const unkeyed = { api_key: "" }

export const all: ReadonlyArray<Adapter> = [
  as("watsonx", buyingTokens),
  as("vllm", Effect.succeed({})),
  as(
    "aws-signed",
    Effect.succeed({ ...unkeyed, aws_access_key_id: "AKIDEXAMPLE", aws_secret_access_key: "aws-secret-0123456789" }),
    aws
  ),
  as("google-signed", Effect.succeed({ ...unkeyed, credentials_json: JSON.stringify(account) }), google)
]
