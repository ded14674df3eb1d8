/** What happens to a skill: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { SkillFile } from "./SkillBundle.ts"

export const Version = Schema.Struct({
  id: Schema.String,
  version: Schema.Int,
  created_at: Schema.Int,
  name: Schema.String,
  description: Schema.String,
  /** What SKILL.md says behind its front matter. */
  instructions: Schema.String
})
export type Version = typeof Version.Type

const files = Schema.Array(SkillFile)

export const Created = Event.define("skill:created", {
  durability: "state",
  description: "A skill was made: its first version, with its files.",
  payload: Schema.Struct({
    id: Schema.String,
    created_at: Schema.Int,
    version: Version,
    files,
    owner: Schema.NullOr(Principal)
  })
})

export const VersionAdded = Event.define("skill:version_added", {
  durability: "state",
  description: "There is a version behind the latest; `is_default`: who names none gets it from here on.",
  payload: Schema.Struct({ version: Version, files, is_default: Schema.Boolean })
})

export const VersionDeleted = Event.define("skill:version_deleted", {
  durability: "state",
  description: "A version is gone, with its files.",
  payload: Schema.Struct({ version: Schema.Int })
})

export const DefaultChanged = Event.define("skill:default_changed", {
  durability: "state",
  description: "Who names no version gets this one from here on.",
  payload: Schema.Struct({ version: Version })
})

export const Deleted = Event.define("skill:deleted", {
  durability: "state",
  description: "The skill is gone, with its versions.",
  payload: Schema.Struct({})
})

export const all = [Created, VersionAdded, VersionDeleted, DefaultChanged, Deleted] as const
