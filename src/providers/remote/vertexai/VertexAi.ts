/** `remote::vertexai`: Gemini, by Vertex AI of Google Cloud. */
import { Effect, Schema, Struct } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as GoogleToken from "../../../kernel/authentication/GoogleToken.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as VertexAddress from "./VertexAddress.ts"
import * as VertexModels from "./VertexModels.ts"
import { vertex } from "./VertexWire.ts"

const own = { base_url: "", keyVariable: "VERTEX_AI_ACCESS_TOKEN" }

const segment = Schema.String.check(
  Schema.isPattern(/^[a-z0-9:.-]+$/, { expected: "small letters, digits, - and no slash" })
)

export const Config = Schema.Struct({
  ...Struct.omit(VendorFields.fields(own), ["base_url"]),
  ...GoogleToken.fields,
  project: segment.annotate({
    description: "The project of Google Cloud that is asked and pays.",
    examples: ["my-project"]
  }).pipe(FieldPrompt.annotate({ env: "VERTEX_AI_PROJECT", prompt: "Google Cloud project" })),
  location: segment.pipe(Schema.withDecodingDefaultKey(Effect.succeed("global"))).annotate({
    description: "Where it is asked: `global`, `us`, `eu`, or a region such as `europe-west4`. Default `global`."
  }).pipe(FieldPrompt.annotate({ env: "VERTEX_AI_LOCATION", prompt: "Location (global, or a region)" })),
  base_url: Schema.Union([Schema.Literal(""), BaseUrl.field]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(""))
  ).annotate({
    description: "Another address than the location's own, its version included. Default, of a region: " +
      "https://<location>-aiplatform.googleapis.com/v1."
  }).pipe(FieldPrompt.annotate({ prompt: "Address of Vertex AI (empty: that of the location)" }))
})
export type Config = typeof Config.Type

export const VertexAi = VendorProvider.make({
  ...own,
  type: "remote::vertexai",
  displayName: "Google Vertex AI",
  description: "Gemini, by Vertex AI of Google Cloud: a service account or the machine's own credentials.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision"],
  address: VertexAddress.of,
  wire: (config) => ({
    dialect: vertex,
    models: { path: VertexAddress.modelsOf(config), decode: VertexModels.decode }
  }),
  authentication: GoogleToken.googleToken,
  status: {
    status: "proven",
    against: "recorded generateContent of Vertex AI, plain and streamed",
    open: ["models of other publishers than Google are not asked in their own dialects"]
  }
})
