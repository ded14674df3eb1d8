/** The HTTP face of skills, as OpenAI's document has it. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { PathAliases } from "../../kernel/http/PathAliases.ts"
import { OpensSession, Recorded, RunsAgain } from "../../kernel/http/RouteAnnotations.ts"
import {
  CreateSkill,
  CreateSkillVersion,
  DeletedSkill,
  DeletedSkillVersion,
  SetDefaultSkillVersion,
  Skill,
  SkillList,
  SkillsQuery,
  SkillVersion,
  SkillVersionList,
  SkillVersionsQuery
} from "./SkillsModels.ts"

const params = { skill_id: Schema.String.annotate({ description: "The skill's `id`.", examples: ["skill_6f0a1c"] }) }
const ofVersion = {
  ...params,
  version: Schema.String.annotate({ description: "Number of the version, or `latest`.", examples: ["1"] })
}

const archive = Schema.Uint8Array.pipe(HttpApiSchema.asUint8Array({ contentType: "application/zip" }))

export class SkillsRoutes extends HttpApiGroup.make("skills")
  .add(
    HttpApiEndpoint.post("createSkill", "/skills", {
      payload: CreateSkill,
      success: Skill,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "createSkill",
      summary: "Create a skill",
      description:
        "Keeps the uploaded files as version 1 of a new skill. SKILL.md among them says in its front matter what it is called and what it is for."
    })),
    HttpApiEndpoint.get("listSkills", "/skills", {
      query: SkillsQuery,
      success: SkillList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listSkills",
      summary: "List skills",
      description: "A page at a time.",
      transform: parameters(SkillsQuery)
    })),
    HttpApiEndpoint.get("retrieveSkill", "/skills/:skill_id", {
      params,
      success: Skill,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSkill",
      summary: "Retrieve a skill",
      description: "With the name and description of its default version.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("updateSkill", "/skills/:skill_id", {
      params,
      payload: SetDefaultSkillVersion,
      success: Skill,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "updateSkill",
      summary: "Set a skill's default version",
      description: "Who names no version gets this one from here on.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.delete("deleteSkill", "/skills/:skill_id", {
      params,
      success: DeletedSkill,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "deleteSkill",
      summary: "Delete a skill",
      description: "The skill is gone, with all its versions.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("retrieveSkillContent", "/skills/:skill_id/content", {
      params,
      success: archive,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSkillContent",
      summary: "Download a skill's files",
      description: "A zip archive of the files of its default version.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.post("createSkillVersion", "/skills/:skill_id/versions", {
      params,
      payload: CreateSkillVersion,
      success: SkillVersion,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "createSkillVersion",
      summary: "Create a version of a skill",
      description: "Keeps the uploaded files as a version behind the latest. A version never changes.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.get("listSkillVersions", "/skills/:skill_id/versions", {
      params,
      query: SkillVersionsQuery,
      success: SkillVersionList,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listSkillVersions",
      summary: "List a skill's versions",
      description: "A page at a time.",
      transform: parameters({ fields: params }, SkillVersionsQuery)
    })),
    HttpApiEndpoint.get("retrieveSkillVersion", "/skills/:skill_id/versions/:version", {
      params: ofVersion,
      success: SkillVersion,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSkillVersion",
      summary: "Retrieve a version of a skill",
      description: "By its number, or `latest`.",
      transform: parameters({ fields: ofVersion })
    })),
    HttpApiEndpoint.delete("deleteSkillVersion", "/skills/:skill_id/versions/:version", {
      params: ofVersion,
      success: DeletedSkillVersion,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotate(RunsAgain, true).annotateMerge(OpenApi.annotations({
      identifier: "deleteSkillVersion",
      summary: "Delete a version of a skill",
      description: "The version is gone, with its files. The default one stays until another is.",
      transform: parameters({ fields: ofVersion })
    })),
    HttpApiEndpoint.get("retrieveSkillVersionContent", "/skills/:skill_id/versions/:version/content", {
      params: ofVersion,
      success: archive,
      error: documentErrors.list
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveSkillVersionContent",
      summary: "Download a version's files",
      description: "A zip archive of its files.",
      transform: parameters({ fields: ofVersion })
    }))
  )
  .prefix("/v1")
  .annotate(PathAliases, [{ from: "/v1alpha/skills", to: "/v1/skills", suffix: "Alpha" }])
  .annotateMerge(OpenApi.annotations({ title: "Skills", description: "Skills that are kept, in versions." }))
{}
