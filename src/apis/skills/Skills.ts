/** Skills that are kept, in versions. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage, ListQuery } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { SkillBundle } from "./SkillBundle.ts"
import type { Skill, SkillVersion } from "./SkillsModels.ts"

export type ReadFailure = DocumentNotFound | DocumentInvalid | EventLogUnavailable
export type ChangeFailure = ReadFailure | DocumentConflict | AccessDenied

/** `skill_reference` of a response's tool, as OpenAI has it. */
export interface SkillReference {
  readonly skill_id: string
  /** A number, or `latest`; default: the default version. */
  readonly version?: string | null | undefined
}

/** What a model is to know of a skill. */
export interface SkillInstructions {
  readonly skill_id: string
  readonly version: string
  readonly name: string
  readonly description: string
  readonly instructions: string
}

/** `version`: a number, or `latest`. */
export class Skills extends Context.Service<Skills, {
  create(bundle: SkillBundle): Effect.Effect<Skill, ChangeFailure>
  get(id: string): Effect.Effect<Skill, ReadFailure>
  list(query: ListQuery): Effect.Effect<DocumentPage<Skill>, ReadFailure>
  setDefault(id: string, version: string): Effect.Effect<Skill, ChangeFailure>
  remove(id: string): Effect.Effect<void, ChangeFailure>
  addVersion(id: string, bundle: SkillBundle, isDefault: boolean): Effect.Effect<SkillVersion, ChangeFailure>
  version(id: string, version: string): Effect.Effect<SkillVersion, ReadFailure>
  versions(id: string, query: ListQuery): Effect.Effect<DocumentPage<SkillVersion>, ReadFailure>
  /** Gives the version that was there. The default one stays until another is. */
  removeVersion(id: string, version: string): Effect.Effect<SkillVersion, ChangeFailure>
  /** A zip archive of its files. Without a version: of the default one. */
  content(id: string, version?: string): Effect.Effect<Uint8Array, ReadFailure>
  /** What is said to a model, in the order of the references. */
  instructions(
    references: ReadonlyArray<SkillReference>
  ): Effect.Effect<ReadonlyArray<SkillInstructions>, ReadFailure>
  /** Of a skill that is not kept: a zip archive of its files, checked as one that is uploaded. */
  unpacked(
    archive: Uint8Array
  ): Effect.Effect<Pick<SkillBundle, "description" | "instructions" | "name">, DocumentInvalid>
}>()("strata/apis/skills/Skills") {}
