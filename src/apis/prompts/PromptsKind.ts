/** Prompts and their versions, as their tables keep them. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Events from "./PromptEvents.ts"

/** A prompt; its default version is at hand, for lists. */
export const StoredPrompt = Schema.Struct({
  id: Schema.String,
  created_at: Schema.Int,
  latest: Schema.Int,
  default: Events.PromptVersion
})
export type StoredPrompt = typeof StoredPrompt.Type

const decodeCreated = Schema.decodeUnknownSync(Events.Created.payload)
const decodeAdded = Schema.decodeUnknownSync(Events.VersionAdded.payload)
const decodeDefault = Schema.decodeUnknownSync(Events.DefaultChanged.payload)

const changed = (prompt: StoredPrompt, event: RecordedEvent): StoredPrompt => {
  if (event.type === Events.DefaultChanged.type) return { ...prompt, default: decodeDefault(payloadOf(event)).version }
  const { is_default, version } = decodeAdded(payloadOf(event))
  return { ...prompt, latest: version.version, default: is_default ? version : prompt.default }
}

export const PromptsKind = DocumentKind.make<StoredPrompt>({
  type: "prompt",
  prefix: "pmpt_",
  table: "prompts",
  description: "Prompts that clients keep.",
  value: StoredPrompt,
  created: Events.Created,
  events: [Events.VersionAdded, Events.DefaultChanged, Events.Deleted],
  evolve: (prompt, event) => {
    if (event.type === Events.Created.type) {
      const { created_at, id, version } = decodeCreated(payloadOf(event))
      return { id, created_at, latest: version.version, default: version }
    }
    return event.type === Events.Deleted.type || prompt === undefined ? undefined : changed(prompt, event)
  }
})

/** Both events that make one have it in the same field. */
const versionIn = (event: RecordedEvent): Events.PromptVersion =>
  (event.type === Events.Created.type ? decodeCreated : decodeAdded)(payloadOf(event)).version

export const PromptVersions = DocumentParts.make(PromptsKind, {
  type: "prompt_version",
  table: "prompt_versions",
  description: "The versions of prompts.",
  value: Events.PromptVersion,
  added: [Events.Created, Events.VersionAdded],
  events: [],
  partOf: (event) => String(versionIn(event).version),
  evolve: (_, event) => versionIn(event)
})
