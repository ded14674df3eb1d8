/** The public documents that ours is compared with, and what of them is not served, each with its reason. */
// @effect-diagnostics *:off

export interface Reference {
  readonly name: string
  /** Where Strata serves what a path of the document means. */
  readonly place: (path: string) => string
  /** By the beginning of a path, as `place` gives it: why it is not served. */
  readonly leftOut: Readonly<Record<string, string>>
}

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
    }
  },
  openresponses: { name: "Open Responses", place: under("/v1"), leftOut: {} },
  anthropic: {
    name: "Anthropic",
    place: same,
    leftOut: {
      "/v1/complete": "Anthropic has replaced it by messages",
      "/v1/files": "the path is OpenAI's here, and one path can't answer in two shapes",
      "/v1/skills": "the path is OpenAI's here, and one path can't answer in two shapes",
      "/v1/models": "the path is OpenAI's here, and one path can't answer in two shapes"
    }
  },
  google: { name: "Google Interactions", place: (path) => path.replace("{api_version}", "v1alpha"), leftOut: {} },
  ogx: {
    name: "OGX, May 2026",
    place: same,
    leftOut: { "/v1alpha/containers": containers }
  },
  "llama-stack": {
    name: "Llama Stack, October 2025",
    place: same,
    leftOut: {
      "/v1alpha/agents": "removed from Llama Stack and OGX; Responses and turns take its place",
      "/v1alpha/post-training": training
    }
  }
}

export const reasonOf = ({ leftOut }: Reference, path: string): string | undefined =>
  Object.entries(leftOut).find(([beginning]) => path.startsWith(beginning))?.[1]
