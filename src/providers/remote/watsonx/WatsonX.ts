/** `remote::watsonx`: IBM's watsonx.ai, by its Chat Completions. */
import { Effect, Schema } from "effect"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as IbmIam from "../../../kernel/authentication/IbmIam.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as WatsonXModels from "./WatsonXModels.ts"
import * as WatsonXRequest from "./WatsonXRequest.ts"

const own = { base_url: "https://us-south.ml.cloud.ibm.com", keyVariable: "WATSONX_API_KEY" }

/** The day whose API is spoken; each request says it. */
const usualVersion = "2023-10-25"

export const Config = Schema.Struct({
  ...VendorFields.fields(own),
  project_id: Schema.optionalKey(Schema.String).annotate({
    description: "The project that pays. One of both is needed."
  })
    .pipe(FieldPrompt.annotate({ env: "WATSONX_PROJECT_ID", prompt: "Id of the project (empty: a space)" })),
  space_id: Schema.optionalKey(Schema.String).annotate({
    description: "The deployment space that pays; it goes before a project."
  }).pipe(FieldPrompt.annotate({ env: "WATSONX_SPACE_ID", prompt: "Id of the space (empty: the project)" })),
  version: Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/, { expected: "a day such as 2023-10-25" })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(usualVersion))
  ).annotate({ description: `The day whose API is spoken. Default ${usualVersion}.` })
    .pipe(FieldPrompt.annotate({ prompt: "Version of the API, a day" })),
  ...IbmIam.fields
})
export type Config = typeof Config.Type

export const WatsonX = VendorProvider.make({
  ...own,
  type: "remote::watsonx",
  displayName: "IBM watsonx.ai",
  description: "Foundation models of IBM watsonx.ai: Chat Completions, for an API key that buys tokens of IAM.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools"],
  authentication: IbmIam.ibmIam,
  wire: (config) => ({
    dialect: chat,
    path: () => `/ml/v1/chat/completions?version=${config.version}`,
    models: { path: `/ml/v1/foundation_model_specs?version=${config.version}`, decode: WatsonXModels.decode },
    body: WatsonXRequest.lower(config)
  }),
  status: {
    status: "proven",
    against: "recorded answers of watsonx.ai (llama-3-3-70b-instruct), all streamed, and its errors",
    open: [
      "no answer is recorded that is not streamed",
      "tokens of IAM were bought from a stand-in",
      "a client's own key is not taken"
    ]
  }
})
