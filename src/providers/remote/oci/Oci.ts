/** `remote::oci`: Oracle Cloud's Generative AI, by its OpenAI-compatible endpoint. */
import { Effect, Schema } from "effect"
import { ignored } from "../../../apis/inference/LlamaStackFields.ts"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as OciSignature from "../../../kernel/authentication/OciSignature.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"

const usualRegion = "us-ashburn-1"

const endpointOf = (region: string): string => `https://inference.generativeai.${region}.oci.oraclecloud.com/openai/v1`

/** The region's, where the configuration names no other. */
const placeholder = endpointOf("<region>")

export const Config = Schema.Struct({
  ...VendorFields.fieldsWithoutUrl({ example: placeholder, keyVariable: "OCI_GENAI_API_KEY" }),
  base_url: Schema.optionalKey(BaseUrl.field).annotate({ description: `Where the API begins. Absent: ${placeholder}.` })
    .pipe(FieldPrompt.annotate({ prompt: "Base URL of the API (empty: the region's)" })),
  oci_region: Schema.String.check(Schema.isPattern(/^[a-z0-9-]+$/, { expected: `a region such as ${usualRegion}` }))
    .pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(usualRegion))
    ).annotate({ description: `The region that is asked. Default ${usualRegion}.` })
    .pipe(FieldPrompt.annotate({ displayName: "Region", env: "OCI_REGION", prompt: "Region" })),
  oci_compartment_id: Schema.NonEmptyString.annotate({ description: "The compartment that pays." })
    .annotateKey({ messageMissingKey: "missing: say which compartment pays" })
    .pipe(FieldPrompt.annotate({ env: "OCI_COMPARTMENT_OCID", prompt: "OCID of the compartment" })),
  ...OciSignature.fields,
  oci_serving_mode: ignored
})

export type Config = typeof Config.Type

export const Oci = VendorProvider.make({
  keyVariable: "OCI_GENAI_API_KEY",
  type: "remote::oci",
  displayName: "Oracle Cloud",
  description: "Oracle Cloud's Generative AI, by its OpenAI-compatible endpoint: signed requests, or its API keys.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools"],
  needsUrl: false,
  address: ({ base_url = "", oci_region }) => base_url === "" ? endpointOf(oci_region) : base_url,
  authentication: OciSignature.ociSignature,
  withoutEffect: { oci_serving_mode: "the endpoint knows by the model" },
  wire: ({ oci_compartment_id }) => ({ dialect: chat, headers: { CompartmentId: oci_compartment_id } }),
  status: {
    status: "fixture",
    against: "https://docs.oracle.com/en-us/iaas/Content/generative-ai/chat-completions-api.htm",
    open: [
      "no list of models: name them under `models`",
      "a machine's own identity (instance_principal) is not supported"
    ]
  }
})
