/** `remote::azure`: OpenAI's models in an Azure resource, by deployment. */
import { Effect, Schema } from "effect"
import { ignored, url } from "../../../apis/inference/LlamaStackFields.ts"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as EntraToken from "../../../kernel/authentication/EntraToken.ts"
import { openAiChat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import { replaceModel } from "../../../kernel/dialects/chat/ModelName.ts"
import type { EmbeddingsRequest } from "../../../kernel/embeddings/EmbeddingsWire.ts"
import { openAiEmbeddings } from "../../../kernel/embeddings/OpenAiEmbeddings.ts"
import * as CrossFieldCheck from "../../../kernel/provider/CrossFieldCheck.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as AzureUrl from "./AzureUrl.ts"

const own = { example: "https://<resource>.openai.azure.com", keyVariable: "AZURE_API_KEY" }

const Fields = Schema.Struct({
  ...VendorFields.fieldsWithoutUrl(own),
  api_version: Schema.optionalKey(Schema.String).annotate({
    description:
      "The version of the API, for example 2024-12-01-preview. A base_url that ends in /openai/v1 needs none."
  }).pipe(FieldPrompt.annotate({ env: "AZURE_API_VERSION", prompt: "Version of the API (none for …/openai/v1)" })),
  deployments: Schema.Record(Schema.String, Schema.NonEmptyString).annotate({
    expected: "a mapping of models to deployments"
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))).annotate({
    description: "The deployment of each model. A model that does not stand there is a deployment of that name."
  }).pipe(FieldPrompt.annotate({ prompt: "Deployments by model" })),
  ...EntraToken.fields,
  api_base: url,
  api_type: ignored
})

const needsVersion: CrossFieldCheck.CrossFieldCheck = ({ api_base, api_version, base_url, url }) => {
  const address = base_url ?? api_base ?? url
  const isVersioned = typeof address === "string" && address !== "" && !AzureUrl.isVersionless(address) &&
    !AzureUrl.saysVersion(address)
  return isVersioned && (api_version ?? "") === ""
    ? [{
      key: "api_version",
      message: "missing: say a version such as 2024-12-01-preview, or end base_url in /openai/v1"
    }]
    : []
}

/** Who asks is told once. */
const oneIdentity: CrossFieldCheck.CrossFieldCheck = ({ api_key, authentication }) =>
  authentication === "entra" && (api_key ?? "") !== ""
    ? [{ key: "api_key", message: "an identity of Entra asks: leave the key out, or authentication: entra" }]
    : []

export const Config = CrossFieldCheck.also(Fields, [needsVersion, oneIdentity])
export type Config = typeof Config.Type

const deploymentOf = ({ deployments }: Config, model: string): string =>
  Object.hasOwn(deployments, model) ? deployments[model]! : model

/** A deployment stands in the body, too: the version-less API reads it there. */
const embeddingsOf = (config: Config) => ({
  dialect: {
    ...openAiEmbeddings,
    lower: (request: EmbeddingsRequest) =>
      openAiEmbeddings.lower({ ...request, model: deploymentOf(config, request.model) })
  },
  path: (model: string) => AzureUrl.operation(config, deploymentOf(config, model), "/embeddings")
})

/** It has neither moderations nor variations. */
const media = ["speech", "transcription", "translation", "image_generation", "image_edit"] as const

export const Azure = VendorProvider.make({
  keyVariable: own.keyVariable,
  needsKey: "always",
  type: "remote::azure",
  displayName: "Azure OpenAI",
  description: "OpenAI's models in an Azure resource: deployments, versions of the API, keys or Microsoft Entra.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "vision", "embeddings", ...media],
  media,
  address: ({ base_url = "" }) => AzureUrl.resource(base_url),
  models: ({ deployments }) => Object.keys(deployments).length === 0 ? undefined : Object.keys(deployments),
  authentication: EntraToken.entraToken,
  withoutEffect: { api_type: "the resource is asked as Azure's" },
  wire: (config) => ({
    dialect: openAiChat,
    path: ({ model }) => AzureUrl.operation(config, deploymentOf(config, model), "/chat/completions"),
    models: { path: AzureUrl.models(config) },
    operations: {
      embeddings: embeddingsOf(config),
      mediaAddress: {
        path: ({ path }, model) => AzureUrl.operation(config, deploymentOf(config, model), path),
        modelName: (model) => deploymentOf(config, model)
      }
    },
    ...AzureUrl.isVersionless(config.base_url)
      ? { body: (text, { model }) => replaceModel(text, deploymentOf(config, model)) }
      : {}
  }),
  status: {
    status: "proven",
    against: "recorded answers of an Azure resource (gpt-4o), plain and streamed",
    open: [
      "without models and deployments, the list is of the models a resource could deploy",
      "tokens of Microsoft Entra were tried with a stand-in for @azure/identity"
    ]
  }
})
