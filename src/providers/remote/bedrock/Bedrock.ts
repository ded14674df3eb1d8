/** `remote::bedrock`: the models of Amazon Bedrock, by Converse, or by its OpenAI endpoint. */
import { Effect, Schema, Struct } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as AwsSignature from "../../../kernel/authentication/AwsSignature.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import { bedrock } from "../../../kernel/dialects/bedrock/BedrockDialect.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as BedrockModels from "./BedrockModels.ts"

const own = { base_url: "", keyVariable: "AWS_BEARER_TOKEN_BEDROCK" }

export const Config = Schema.Struct({
  ...Struct.omit(VendorFields.fields(own), ["base_url"]),
  ...AwsSignature.fields,
  base_url: Schema.Union([Schema.Literal(""), BaseUrl.field]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(""))
  ).annotate({
    description:
      "Another address than the region's own, such as a VPC endpoint; models are listed there, too. Default: " +
      "https://bedrock-runtime.<region_name>.amazonaws.com."
  }).pipe(FieldPrompt.annotate({ prompt: "Address of Bedrock (empty: that of the region)" })),
  api: Schema.Literals(["converse", "chat_completions"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("converse" as const))
  ).annotate({
    description:
      "Which of Bedrock's APIs is asked. `converse`: every model, with tools, images, thinking, guardrails, " +
      "caching. `chat_completions`: its OpenAI endpoint, which some models have, and to which the bytes of such clients " +
      "pass. Default `converse`."
  }).pipe(FieldPrompt.annotate({ prompt: "API of Bedrock" }))
})
export type Config = typeof Config.Type

const runtimeOf = ({ base_url, region_name }: Config): string =>
  base_url === "" ? `https://bedrock-runtime.${region_name}.amazonaws.com` : base_url

/** Models are listed by another host than answers. */
const listsOf = ({ base_url, region_name }: Config): ReadonlyArray<string> => {
  const host = base_url === "" ? `https://bedrock.${region_name}.amazonaws.com` : ""
  return [`${host}/foundation-models`, `${host}/inference-profiles?maxResults=1000`]
}

export const Bedrock = VendorProvider.make({
  ...own,
  type: "remote::bedrock",
  displayName: "Amazon Bedrock",
  description: "The models of Amazon Bedrock, by Converse and its event stream, or by its OpenAI endpoint.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision"],
  address: runtimeOf,
  wire: (config) => ({
    ...(config.api === "converse"
      ? { dialect: bedrock }
      : { dialect: chat, path: () => "/openai/v1/chat/completions" }),
    models: { path: listsOf(config), decode: BedrockModels.decode }
  }),
  authentication: AwsSignature.awsSignature("bedrock"),
  status: {
    status: "proven",
    against: "recorded Chat Completions of Bedrock's OpenAI endpoint, streamed (`api: chat_completions`)",
    open: ["of Converse no traffic is recorded: answers are written by hand from the public document"]
  }
})
