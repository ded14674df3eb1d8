/** Skills as OpenAI's API has them. */
import { Schema } from "effect"
import { Multipart } from "effect/http"
import { HttpApiSchema } from "effect/http-api"
import { count } from "../../kernel/http/Pagination.ts"

const id = Schema.String.annotate({ description: "The skill's id.", examples: ["skill_6f0a1c"] })
const name = Schema.String.annotate({ description: "As its SKILL.md names it.", examples: ["weather"] })
const description = Schema.String.annotate({
  description: "What it is for, as its SKILL.md says.",
  examples: ["Says how the weather is."]
})
const created_at = Schema.Int.annotate({ description: "Seconds since 1970.", examples: [1764000000] })
const version = Schema.String.annotate({ description: "Number of a version, from 1.", examples: ["1"] })

export const Skill = Schema.Struct({
  id,
  object: Schema.Literal("skill").annotate({ description: "Always `skill`." }),
  name,
  description,
  created_at,
  default_version: version.annotate({ description: "Who names no version gets this one.", examples: ["1"] }),
  latest_version: version.annotate({ description: "The last one that was made and is there.", examples: ["2"] })
}).annotate({ identifier: "Skill" })
export type Skill = typeof Skill.Type

const versionId = Schema.String.annotate({ description: "The version's id.", examples: ["skillver_6f0a1c"] })

export const SkillVersion = Schema.Struct({
  object: Schema.Literal("skill.version").annotate({ description: "Always `skill.version`." }),
  id: versionId,
  skill_id: id,
  version,
  created_at,
  name,
  description
}).annotate({ identifier: "SkillVersion" })
export type SkillVersion = typeof SkillVersion.Type

const deleted = Schema.Boolean.annotate({ description: "Always true.", examples: [true] })

export const DeletedSkill = Schema.Struct({
  object: Schema.Literal("skill.deleted").annotate({ description: "Always `skill.deleted`." }),
  deleted,
  id
}).annotate({ identifier: "DeletedSkill" })

export const DeletedSkillVersion = Schema.Struct({
  object: Schema.Literal("skill.version.deleted").annotate({ description: "Always `skill.version.deleted`." }),
  deleted,
  id: versionId,
  version
}).annotate({ identifier: "DeletedSkillVersion" })

const listOf = <S extends Schema.Top>(item: S, identifier: string) =>
  Schema.Struct({
    object: Schema.Literal("list").annotate({ description: "Always `list`." }),
    data: Schema.Array(item).annotate({ description: "The page." }),
    first_id: Schema.NullOr(Schema.String).annotate({ description: "Id of the first one.", examples: [null] }),
    last_id: Schema.NullOr(Schema.String).annotate({ description: "Send it as `after` for the next page." }),
    has_more: Schema.Boolean.annotate({ description: "True: there are more behind it.", examples: [false] })
  }).annotate({ identifier })

export const SkillList = listOf(Skill, "SkillList")
export const SkillVersionList = listOf(SkillVersion, "SkillVersionList")

const paging = (after: string, example: string) =>
  Schema.Struct({
    after: Schema.optionalKey(Schema.String).annotate({ description: after, examples: [example] }),
    limit: count({ default: 20, maximum: 100, description: "How many a page." }),
    order: Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({
      description: "`desc`: the newest first. Default `desc`.",
      examples: ["asc"]
    })
  })

export const SkillsQuery = paging("The last skill of the page before: its id.", "skill_6f0a1c")
export const SkillVersionsQuery = paging("The last version of the page before: its id.", "skillver_6f0a1c")

export const SetDefaultSkillVersion = Schema.Struct({
  default_version: version.annotate({ description: "The version that is to be the default one.", examples: ["2"] })
}).annotate({ identifier: "SetDefaultSkillVersion" })

const files = Multipart.FilesSchema.annotate({
  description:
    "The skill's files, their paths as filenames, in parts named `files[]`; or one zip archive. At most 500 " +
    "files, 10 MiB together, one of them SKILL.md."
})

export const CreateSkill = Schema.Struct({ files }).annotate({ identifier: "CreateSkill" }).pipe(
  HttpApiSchema.asMultipart({ fieldMimeTypes: [] })
)

export const CreateSkillVersion = Schema.Struct({
  files,
  default: Schema.optionalKey(Schema.String).annotate({
    description: "`true`: who names no version gets this one from here on. Default `false`.",
    examples: ["true"]
  })
}).annotate({ identifier: "CreateSkillVersion" }).pipe(HttpApiSchema.asMultipart({ fieldMimeTypes: [] }))
