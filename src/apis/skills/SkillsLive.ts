/** Skills as the log keeps them. */
import { Effect, Layer, Struct } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { SkillBundle } from "./SkillBundle.ts"
import * as Bundles from "./SkillBundle.ts"
import { toEntry } from "./SkillBundle.ts"
import * as Events from "./SkillEvents.ts"
import { Skills } from "./Skills.ts"
import { SkillsHandlers } from "./SkillsHandlers.ts"
import type { StoredSkill } from "./SkillsKind.ts"
import { addedIn, SkillsKind, SkillVersions } from "./SkillsKind.ts"
import type { Skill, SkillVersion } from "./SkillsModels.ts"
import * as ZipWriter from "./ZipWriter.ts"

const toSkill = ({ created_at, default: version, id, versions }: StoredSkill): Skill => ({
  id,
  object: "skill",
  ...Struct.pick(version, ["name", "description"]),
  created_at,
  default_version: String(version.version),
  latest_version: String(versions.at(-1) ?? version.version)
})

const toVersion = (skill: string, version: Events.Version): SkillVersion => ({
  object: "skill.version",
  skill_id: skill,
  ...Struct.pick(version, ["id", "created_at", "name", "description"]),
  version: String(version.version)
})

/** The number stands in a version's id, so that a page goes on behind one that is gone. */
const versionOf = Effect.fnUntraced(function*(version: number, { description, instructions, name }: SkillBundle) {
  const [id, created_at] = [yield* DocumentId.make(`skillver_${version}_`), yield* DocumentTime.seconds]
  return { id, version, created_at, name, description, instructions }
})

const numberInId = /^skillver_(\d+)_/

/** `2`, or `latest`. */
const numberOf = ({ versions }: StoredSkill, version: string) => {
  if (version === "latest") return Effect.succeed(versions.at(-1) ?? 0)
  return /^[1-9]\d{0,8}$/.test(version)
    ? Effect.succeed(Number(version))
    : Effect.fail(
      new DocumentInvalid({
        type: "skill",
        field: "version",
        message: `${JSON.stringify(version)} is no version of a skill: send its number, such as "1", or "latest".`
      })
    )
}

const isDefault = ({ id, version }: { readonly id: string; readonly version: number }) =>
  new DocumentConflict({
    type: "skill",
    code: "skill_version_is_default",
    message: `Version ${version} is the default one of ${id}: make another the default first, or delete the skill.`
  })

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const documents = yield* Documents.of(SkillsKind)
  const parts = yield* DocumentParts.of(SkillVersions, documents)

  const stored = (id: string) => Effect.map(documents.get(id), ({ value }) => value)
  const get = (id: string) => Effect.map(stored(id), toSkill)

  /** Of a skill that may be read. */
  const find = Effect.fnUntraced(function*(skill: StoredSkill, version?: string | null) {
    const number = version == null ? skill.default.version : yield* numberOf(skill, version)
    const part = yield* parts.find(skill.id, String(number))
    return part ?? (yield* new DocumentNotFound({ type: "skill_version", id: `${skill.id} ${version ?? number}` }))
  })

  return Skills.of({
    create: Effect.fnUntraced(function*(bundle) {
      const id = yield* DocumentId.make(SkillsKind.prefix)
      const version = yield* versionOf(1, bundle)
      const { created_at } = version
      const { value } = yield* documents.create(id, (owner) =>
        Effect.map(
          Documents.draft(Events.Created, { id, created_at, version, files: bundle.files, owner }),
          (event) => [event]
        ))
      return toSkill(value)
    }),
    get,
    list: (query) =>
      Effect.map(documents.list(query), (page) => ({ ...page, data: page.data.map(({ value }) => toSkill(value)) })),
    setDefault: Effect.fnUntraced(function*(id, named) {
      yield* documents.change(id, "update", ({ value }) =>
        Effect.gen(function*() {
          const { event: _, ...version } = yield* find(value, named)
          return version.version === value.default.version
            ? []
            : [yield* Documents.draft(Events.DefaultChanged, { version })]
        }))
      return yield* get(id)
    }),
    remove: (id) =>
      Effect.asVoid(
        documents.change(id, "delete", () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event]))
      ),
    addVersion: Effect.fnUntraced(function*(id, bundle, is_default) {
      let added: Events.Version | undefined
      yield* documents.change(id, "update", ({ value }) =>
        Effect.gen(function*() {
          added = yield* versionOf(value.last + 1, bundle)
          return [yield* Documents.draft(Events.VersionAdded, { version: added, files: bundle.files, is_default })]
        }))
      return toVersion(id, added!)
    }),
    version: (id, version) =>
      Effect.map(Effect.flatMap(stored(id), (skill) => find(skill, version)), (part) => toVersion(id, part)),
    versions: Effect.fnUntraced(function*(id, { after, ...query }) {
      const from = after === undefined ? undefined : numberInId.exec(after)?.[1] ?? after
      const page = yield* parts.list(id, { ...query, after: from })
      return { ...page, data: page.data.map((version) => toVersion(id, version)) }
    }),
    removeVersion: Effect.fnUntraced(function*(id, named) {
      let removed: Events.Version | undefined
      yield* documents.change(id, "update", ({ value }) =>
        Effect.gen(function*() {
          removed = yield* find(value, named)
          const { version } = removed
          if (version === value.default.version) return yield* isDefault({ id, version })
          return [yield* Documents.draft(Events.VersionDeleted, { version })]
        }))
      return toVersion(id, removed!)
    }),
    content: Effect.fnUntraced(function*(id, version) {
      const { event } = yield* find(yield* stored(id), version)
      const [added] = yield* hub.read({ tenant: yield* CurrentTenant, id: event, after: 0, limit: 1 })
      return ZipWriter.write(added === undefined ? [] : addedIn(added).files.map(toEntry))
    }),
    unpacked: (archive) => Bundles.of([{ path: "skill.zip", bytes: archive }]),
    instructions: (references) =>
      Effect.forEach(references, ({ skill_id, version }) =>
        Effect.map(
          Effect.flatMap(stored(skill_id), (skill) => find(skill, version)),
          (given) => ({
            skill_id,
            version: String(given.version),
            ...Struct.pick(given, ["name", "description", "instructions"])
          })
        ))
  })
})

const layer = Layer.effect(Skills, make)

export const live = ApiModule.live({ handlers: SkillsHandlers, layer })
