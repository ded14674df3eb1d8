/** The public documents that ours is compared with, and what of them is not served, each with its reason. */
// @effect-diagnostics *:off

export interface Reference {
  readonly name: string
  /** Where Strata serves what a path of the document means. */
  readonly place: (path: string) => string
  /** By the beginning of a path, as `place` gives it: why it is not served. */
  readonly leftOut: Readonly<Record<string, string>>
  /** Fields that ours does not have, or has of another type, by `POST /v1/files request purpose`; with the reason. */
  readonly fieldsLeftOut: ReadonlyArray<readonly [fields: RegExp, reason: string]>
}

const fileStatus = [
  /^(GET|POST) \/v1\/(files|uploads)\S* response .*status_details$/,
  "OpenAI has deprecated it"
] as const
const ofConversations = [
  [/ \/v1\/conversations\S* response items/, "OpenAI's conversation has none: its items have a list of their own"],
  [/^DELETE \/v1\/conversations\S* response deleted$/, "OpenAI answers with the conversation that is left"]
] as const
const chatUnion =
  "the document takes any message for an answer's, and a chunk for a whole: OpenAI's answers have none of these"

const under = (prefix: string) => (path: string): string => `${prefix}${path}`
const same = (path: string): string => path

const assistants = "the Assistants API is switched off by OpenAI; Responses and conversations take its place"
const training = "training and evaluation of a vendor's models are the vendor's own"
const account = "an account's administration is the vendor's own; Strata's keys and rules stand in its configuration"
const realtime = "audio in real time is no request and answer: it can't be recorded or replayed as such"
const containers = "needs a sandbox for code, which Strata does not bring; OGX declares it and does not wire it"

export const references: Readonly<Record<string, Reference>> = {
  openai: {
    name: "OpenAI 2.3.0",
    place: under("/v1"),
    leftOut: {
      "/v1/assistants": assistants,
      "/v1/threads": assistants,
      "/v1/fine_tuning": training,
      "/v1/evals": training,
      "/v1/organization": account,
      "/v1/projects": account,
      "/v1/realtime": realtime,
      "/v1/containers": containers,
      "/v1/videos": "takes minutes at one vendor and has no counterpart elsewhere",
      "/v1/chatkit": "serves one vendor's own widget",
      "/v1/audio/voice": "voices belong to one vendor's account"
    },
    fieldsLeftOut: [fileStatus]
  },
  openresponses: { name: "Open Responses", place: under("/v1"), leftOut: {}, fieldsLeftOut: [] },
  anthropic: {
    name: "Anthropic",
    place: same,
    leftOut: {
      "/v1/complete": "Anthropic has replaced it by messages",
      "/v1/files": "the path is OpenAI's here, and one path can't answer in two shapes",
      "/v1/skills": "the path is OpenAI's here, and one path can't answer in two shapes",
      "/v1/models": "the path is OpenAI's here, and one path can't answer in two shapes"
    },
    fieldsLeftOut: [[/ archived_at$| data\[\]\.archived_at$/, "no batch is archived here: it is always null"]]
  },
  google: {
    name: "Google Interactions",
    place: (path) => path.replace("{api_version}", "v1alpha"),
    leftOut: {},
    fieldsLeftOut: []
  },
  ogx: {
    name: "OGX, May 2026",
    place: same,
    leftOut: { "/v1alpha/containers": containers },
    fieldsLeftOut: [
      fileStatus,
      ...ofConversations,
      [
        /^POST \/v1\/responses\/compact request /,
        "OpenAI's compaction has none of these: it answers nothing, and calls nothing"
      ],
      [/\/connectors\S* parameters authorization$/, "a secret in an address stands in every log: a header carries it"],
      [
        /\/connectors\S* response .*server_(name|description|version)$/,
        "no server is asked what it is to list those there are"
      ],
      [
        /\/interactions request (tools\[\]\.function_declarations|generation_config\.top_k)/,
        "Google's interactions have none"
      ]
    ]
  },
  "llama-stack": {
    name: "Llama Stack, October 2025",
    place: same,
    leftOut: {
      "/v1alpha/agents": "removed from Llama Stack and OGX; Responses and turns take its place",
      "/v1alpha/post-training": training
    },
    fieldsLeftOut: [
      ...ofConversations,
      [/^GET \/v1\/conversations\/{}\/items parameters /, "an object that is a default of its Python, and no value"],
      [/ \/v1\/chat\/completions\S* (request|response) .*(content|name|tool_call_id|index|delta)/, chatUnion]
    ]
  }
}

export const fieldReasonOf = ({ fieldsLeftOut }: Reference, field: string): string | undefined =>
  fieldsLeftOut.find(([fields]) => fields.test(field))?.[1]

export const reasonOf = ({ leftOut }: Reference, path: string): string | undefined =>
  Object.entries(leftOut).find(([beginning]) => path.startsWith(beginning))?.[1]
