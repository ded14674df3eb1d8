/** Prompts that are kept, in versions, with variables. */
import { Context, Schema } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { nullable } from "../../events/types/OpenSchema.ts"
import type { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage, ListQuery } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { CreatePrompt, Prompt, UpdatePrompt } from "./PromptsModels.ts"
import { VariableValue } from "./PromptTemplate.ts"

/** `prompt` of a response's request, as OpenAI has it. */
export const PromptReference = Schema.Struct({
  id: Schema.String.annotate({ description: "The prompt's id.", examples: ["pmpt_6f0a1c"] }),
  version: nullable(Schema.String).annotate({ description: "Default: the default version.", examples: ["2"] }),
  variables: nullable(Schema.Record(Schema.String, VariableValue)).annotate({
    description: "Values of the variables: texts, or parts of type input_text, input_image, input_file.",
    examples: [{ language: "Norwegian" }]
  })
}).annotate({ identifier: "PromptReference", description: "A prompt that is kept, and the values of its variables." })
export type PromptReference = typeof PromptReference.Type

/** What a prompt is with its values. */
export interface ResolvedPrompt {
  readonly id: string
  readonly version: string
  /** Its text; null where a value is an image or a file. */
  readonly instructions: string | null
  /** Then: a message of the developer with its parts. Else none. */
  readonly items: ReadonlyArray<Schema.JsonObject & { readonly type: "message" }>
}

export type ReadFailure = DocumentNotFound | EventLogUnavailable
export type ChangeFailure = ReadFailure | DocumentInvalid | DocumentConflict | AccessDenied

export class Prompts extends Context.Service<Prompts, {
  create(request: CreatePrompt): Effect.Effect<Prompt, ChangeFailure>
  /** Without a version: the default one. */
  get(id: string, version?: number): Effect.Effect<Prompt, ReadFailure>
  /** Makes a version behind the latest. */
  update(id: string, request: UpdatePrompt): Effect.Effect<Prompt, ChangeFailure>
  setDefault(id: string, version: number): Effect.Effect<Prompt, ChangeFailure>
  remove(id: string): Effect.Effect<void, ChangeFailure>
  /** The default version of each. */
  list(query: ListQuery): Effect.Effect<DocumentPage<Prompt>, ReadFailure>
  versions(id: string, query: ListQuery): Effect.Effect<DocumentPage<Prompt>, ReadFailure>
  /** Fails with `DocumentInvalid` at `prompt.variables.<name>` or `prompt.version`. */
  resolve(reference: PromptReference): Effect.Effect<ResolvedPrompt, ReadFailure | DocumentInvalid>
}>()("strata/apis/prompts/Prompts") {}
