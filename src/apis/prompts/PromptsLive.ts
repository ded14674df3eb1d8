/** Prompts as the log keeps them. */
import { Effect, Layer } from "effect"
import { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { PromptVersion } from "./PromptEvents.ts"
import * as Events from "./PromptEvents.ts"
import { Prompts } from "./Prompts.ts"
import { PromptsHandlers } from "./PromptsHandlers.ts"
import type { StoredPrompt } from "./PromptsKind.ts"
import { PromptsKind, PromptVersions } from "./PromptsKind.ts"
import type { Prompt } from "./PromptsModels.ts"
import * as PromptTemplate from "./PromptTemplate.ts"

const toPrompt = (prompt: StoredPrompt, version: PromptVersion = prompt.default): Prompt => ({
  prompt_id: prompt.id,
  ...version,
  is_default: version.version === prompt.default.version
})

const outdated = (given: number, latest: number) =>
  new DocumentConflict({
    type: "prompt",
    code: "prompt_version_outdated",
    param: "version",
    message:
      `Version ${given} is not the prompt's latest: that is ${latest}. Look what it says, and send version: ${latest}.`
  })

/** `2`, as OpenAI writes it, or `latest`. */
const versionIn = (text: string | null | undefined, latest: number) => {
  if (text == null) return Effect.succeed(undefined)
  if (text === "latest") return Effect.succeed(latest)
  return /^[1-9]\d{0,8}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(
      new DocumentInvalid({
        type: "prompt",
        field: "prompt.version",
        message: `${
          JSON.stringify(text)
        } is no version of a prompt: send its number as a text, such as "1", or "latest".`
      })
    )
}

const make = Effect.gen(function*() {
  const documents = yield* Documents.of(PromptsKind)
  const parts = yield* DocumentParts.of(PromptVersions, documents)

  /** Of a prompt that may be read. */
  const versionOf = Effect.fnUntraced(function*(prompt: StoredPrompt, version: number) {
    const part = yield* parts.find(prompt.id, String(version))
    return part ?? (yield* new DocumentNotFound({ type: "prompt_version", id: `${prompt.id} ${version}` }))
  })

  const get = Effect.fnUntraced(function*(id: string, version?: number) {
    const { value } = yield* documents.get(id)
    return toPrompt(value, version === undefined ? undefined : yield* versionOf(value, version))
  })

  return Prompts.of({
    create: Effect.fnUntraced(function*({ prompt, variables }) {
      const version = { version: 1, prompt, variables: yield* PromptTemplate.declared(prompt, variables) }
      const id = yield* DocumentId.make(PromptsKind.prefix)
      const created_at = yield* DocumentTime.seconds
      const { value } = yield* documents.create(
        id,
        (owner) => Effect.map(Documents.draft(Events.Created, { id, created_at, version, owner }), (event) => [event])
      )
      return toPrompt(value)
    }),
    get,
    update: Effect.fnUntraced(function*(id, { prompt, set_as_default, variables, version: latest }) {
      const version = {
        version: latest + 1,
        prompt,
        variables: yield* PromptTemplate.declared(prompt, variables)
      }
      const is_default = set_as_default ?? true
      yield* documents.change(id, "update", ({ value }) =>
        value.latest === latest
          ? Effect.map(Documents.draft(Events.VersionAdded, { version, is_default }), (event) => [event])
          : outdated(latest, value.latest))
      return yield* get(id, version.version)
    }),
    setDefault: Effect.fnUntraced(function*(id, number) {
      yield* documents.change(id, "update", ({ value }) =>
        Effect.gen(function*() {
          const version = yield* versionOf(value, number)
          return value.default.version === number ? [] : [yield* Documents.draft(Events.DefaultChanged, { version })]
        }))
      return yield* get(id)
    }),
    remove: (id) =>
      Effect.asVoid(
        documents.change(id, "delete", () => Effect.map(Documents.draft(Events.Deleted, {}), (event) => [event]))
      ),
    list: (query) =>
      Effect.map(documents.list(query), (page) => ({ ...page, data: page.data.map(({ value }) => toPrompt(value)) })),
    versions: Effect.fnUntraced(function*(id, query) {
      const { value } = yield* documents.get(id)
      const page = yield* parts.list(id, query)
      return { ...page, data: page.data.map((version) => toPrompt(value, version)) }
    }),
    resolve: Effect.fnUntraced(function*({ id, variables, version }) {
      const { value } = yield* documents.get(id)
      const number = yield* versionIn(version, value.latest)
      const chosen = number === undefined ? value.default : yield* versionOf(value, number)
      const content = yield* PromptTemplate.partsOf(chosen, variables ?? {})
      const text = PromptTemplate.plainText(content)
      return {
        id,
        version: String(chosen.version),
        instructions: text ?? null,
        items: text === undefined ? [{ type: "message", role: "developer", content }] : []
      }
    })
  })
})

const layer = Layer.effect(Prompts, make)

export const live = ApiModule.live({ handlers: PromptsHandlers, layer })
