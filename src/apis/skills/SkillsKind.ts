/** Skills and their versions, as their tables keep them. Files stand in the log alone. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Events from "./SkillEvents.ts"

export const StoredSkill = Schema.Struct({
  id: Schema.String,
  created_at: Schema.Int,
  /** Number of the last one that was made, be it there or not. */
  last: Schema.Int,
  /** Those that are there, the oldest first. */
  versions: Schema.Array(Schema.Int),
  default: Events.Version
})
export type StoredSkill = typeof StoredSkill.Type

export const StoredVersion = Schema.Struct({
  ...Events.Version.fields,
  /** Id of the event that has its files. */
  event: Schema.String
})
export type StoredVersion = typeof StoredVersion.Type

const decodeCreated = Schema.decodeUnknownSync(Events.Created.payload)
const decodeAdded = Schema.decodeUnknownSync(Events.VersionAdded.payload)
const decodeRemoved = Schema.decodeUnknownSync(Events.VersionDeleted.payload)
const decodeDefault = Schema.decodeUnknownSync(Events.DefaultChanged.payload)

const changed = (skill: StoredSkill, event: RecordedEvent): StoredSkill => {
  switch (event.type) {
    case Events.DefaultChanged.type:
      return { ...skill, default: decodeDefault(payloadOf(event)).version }
    case Events.VersionDeleted.type: {
      const { version } = decodeRemoved(payloadOf(event))
      return { ...skill, versions: skill.versions.filter((each) => each !== version) }
    }
    default: {
      const { is_default, version } = decodeAdded(payloadOf(event))
      return {
        ...skill,
        last: version.version,
        versions: [...skill.versions, version.version],
        default: is_default ? version : skill.default
      }
    }
  }
}

export const SkillsKind = DocumentKind.make<StoredSkill>({
  type: "skill",
  prefix: "skill_",
  table: "skills",
  description: "Skills that clients keep.",
  value: StoredSkill,
  created: Events.Created,
  events: [Events.VersionAdded, Events.VersionDeleted, Events.DefaultChanged, Events.Deleted],
  evolve: (skill, event) => {
    if (event.type === Events.Created.type) {
      const { created_at, id, version } = decodeCreated(payloadOf(event))
      return { id, created_at, last: version.version, versions: [version.version], default: version }
    }
    return event.type === Events.Deleted.type || skill === undefined ? undefined : changed(skill, event)
  }
})

/** Both events that make one have it in the same fields. */
export const addedIn = (event: RecordedEvent) =>
  (event.type === Events.Created.type ? decodeCreated : decodeAdded)(payloadOf(event))

export const SkillVersions = DocumentParts.make(SkillsKind, {
  type: "skill_version",
  table: "skill_versions",
  description: "The versions of skills, without their files.",
  value: StoredVersion,
  added: [Events.Created, Events.VersionAdded],
  events: [Events.VersionDeleted],
  partOf: (event) =>
    String(
      event.type === Events.VersionDeleted.type
        ? decodeRemoved(payloadOf(event)).version
        : addedIn(event).version.version
    ),
  evolve: (_, event) =>
    event.type === Events.VersionDeleted.type ? undefined : { ...addedIn(event).version, event: event.id }
})
