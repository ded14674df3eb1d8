/** Binds the endpoints of skills to their service. */
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpServerResponse } from "effect/http"
import { mapDocumentErrors } from "../../kernel/documents/DocumentErrors.ts"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as SkillBundle from "./SkillBundle.ts"
import { Skills } from "./Skills.ts"
import { SkillsRoutes } from "./SkillsRoutes.ts"
import * as SkillUpload from "./SkillUpload.ts"

/** The form is read here: a file's path is more than a name on a disk. */
const uploaded = Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest) {
  const body = new Uint8Array(yield* Effect.orDie(request.arrayBuffer))
  const { files, isDefault } = yield* SkillUpload.read(body, request.headers["content-type"] ?? "")
  return { isDefault, bundle: yield* SkillBundle.of(files) }
})

const archive = (id: string) => (bytes: Uint8Array) =>
  HttpServerResponse.uint8Array(bytes, {
    contentType: "application/zip",
    headers: { "content-disposition": `attachment; filename="${id}.zip"` }
  })

export const SkillsHandlers = ApiHandlers.make(
  SkillsRoutes,
  Effect.fn(function*(handlers) {
    const skills = yield* Skills
    return handlers
      .handleRaw(
        "createSkill",
        ({ request }) => mapDocumentErrors(Effect.flatMap(uploaded(request), ({ bundle }) => skills.create(bundle)))
      )
      .handleRaw("createSkillVersion", ({ params, request }) =>
        mapDocumentErrors(
          Effect.flatMap(
            uploaded(request),
            ({ bundle, isDefault }) => skills.addVersion(params.skill_id, bundle, isDefault ?? false)
          )
        ))
      .handleAll({
        listSkills: ({ query }) => Effect.map(mapDocumentErrors(skills.list(query)), toList),
        retrieveSkill: ({ params }) => mapDocumentErrors(skills.get(params.skill_id)),
        updateSkill: ({ params, payload }) =>
          mapDocumentErrors(skills.setDefault(params.skill_id, payload.default_version)),
        deleteSkill: ({ params: { skill_id } }) =>
          Effect.as(mapDocumentErrors(skills.remove(skill_id)), {
            object: "skill.deleted" as const,
            deleted: true,
            id: skill_id
          }),
        retrieveSkillContent: ({ params: { skill_id } }) =>
          Effect.map(mapDocumentErrors(skills.content(skill_id)), archive(skill_id)),
        listSkillVersions: ({ params, query }) =>
          Effect.map(mapDocumentErrors(skills.versions(params.skill_id, query)), toList),
        retrieveSkillVersion: ({ params }) => mapDocumentErrors(skills.version(params.skill_id, params.version)),
        deleteSkillVersion: ({ params }) =>
          Effect.map(
            mapDocumentErrors(skills.removeVersion(params.skill_id, params.version)),
            ({ id, version }) => ({ object: "skill.version.deleted" as const, deleted: true, id, version })
          ),
        retrieveSkillVersionContent: ({ params: { skill_id, version } }) =>
          Effect.map(mapDocumentErrors(skills.content(skill_id, version)), archive(skill_id))
      })
  })
)
