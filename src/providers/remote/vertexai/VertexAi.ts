/** `remote::vertexai`: Gemini, by Vertex AI of Google Cloud. */
import { Effect, Schema, Struct } from "effect"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import * as GoogleToken from "../../../kernel/authentication/GoogleToken.ts"
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import * as VertexModels from "./VertexModels.ts"
import { vertex } from "./VertexWire.ts"

const own = { base_url: "", keyVariable: "VERTEX_AI_ACCESS_TOKEN" }

const segment = Schema.String.check(
  Schema.isPattern(/^[a-z0-9:.-]+$/, { expected: "small letters, digits, - and no slash" })
)

export const Config = Schema.Struct({
  ...Struct.omit(VendorProvider.fields(own), ["base_url"]),
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

const multiRegions: ReadonlySet<string> = new Set(["us", "eu"])

const hostOf = (location: string): string =>
  location === "global"
    ? "aiplatform.googleapis.com"
    : multiRegions.has(location)
    ? `aiplatform.${location}.rep.googleapis.com`
    : `${location}-aiplatform.googleapis.com`

const versionOf = ({ base_url, location }: Config): string =>
  base_url === "" ? `https://${hostOf(location)}/v1` : base_url

/** In the query of a base URL nothing changes. */
const addressOf = (config: Config): string => {
  const { location, project } = config
  const { path, query } = BaseUrl.partsOf(versionOf(config))
  const address = `${path}/projects/${project}/locations/${location}`
  return query === "" ? address : `${address}?${query}`
}

/** They are listed in the version that is to come. */
const listOf = (config: Config): string =>
  `${BaseUrl.partsOf(versionOf(config)).path.replace(/\/v1$/, "/v1beta1")}/publishers/google/models?pageSize=1000`

export const VertexAi = VendorProvider.make({
  ...own,
  type: "remote::vertexai",
  displayName: "Google Vertex AI",
  description: "Gemini, by Vertex AI of Google Cloud: a service account or the machine's own credentials.",
  config: Config,
  capabilities: ["chat_completions", "streaming", "tools", "thinking", "vision"],
  address: addressOf,
  wire: (config) => ({ dialect: vertex, models: { path: listOf(config), decode: VertexModels.decode } }),
  authentication: GoogleToken.googleToken
})
