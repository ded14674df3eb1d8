/** Prompts as Llama Stack and OGX have them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { count } from "../../kernel/http/Pagination.ts"

const text = Schema.String.annotate({
  description: "The text, with `{{name}}` for each variable.",
  examples: ["You are a helpful assistant who answers in {{language}}."]
})
const variable = Schema.String.check(Schema.isPattern(/^\w{1,64}$/, { expected: "1 to 64 letters, digits and _" }))
const version = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

const given = nullable(Schema.Array(variable)).annotate({
  description: "Names of the variables. Default: those of the text.",
  examples: [["language"]]
})

export const Prompt = Schema.Struct({
  prompt_id: Schema.String.annotate({ description: "The prompt's id.", examples: ["pmpt_6f0a1c"] }),
  version: version.annotate({ description: "Number of the version, from 1.", examples: [1] }),
  prompt: text,
  variables: Schema.Array(Schema.String).annotate({ description: "Names of its variables.", examples: [["language"]] }),
  is_default: Schema.Boolean.annotate({
    description: "True: who names no version gets this one.",
    examples: [true]
  })
}).annotate({ identifier: "Prompt", description: "A version of a prompt." })
export type Prompt = typeof Prompt.Type

export const PromptList = Schema.Struct({
  data: Schema.Array(Prompt).annotate({ description: "The page." }),
  has_more: Schema.Boolean.annotate({ description: "True: there are more behind it.", examples: [false] })
}).annotate({ identifier: "PromptList" })

export const CreatePrompt = Schema.Struct({ prompt: text, variables: given }).annotate({ identifier: "CreatePrompt" })
export type CreatePrompt = typeof CreatePrompt.Type

export const UpdatePrompt = Schema.Struct({
  prompt: text,
  version: version.annotate({
    description: "The latest version there is: where somebody was faster, nothing is changed.",
    examples: [1]
  }),
  variables: given,
  set_as_default: nullable(Schema.Boolean).annotate({
    description: "The new version is the default one. Default true.",
    examples: [true]
  })
}).annotate({ identifier: "UpdatePrompt" })
export type UpdatePrompt = typeof UpdatePrompt.Type

export const SetDefaultVersion = Schema.Struct({
  version: version.annotate({ description: "The version that is to be the default one.", examples: [1] })
}).annotate({ identifier: "SetDefaultPromptVersion" })

export const PromptQuery = Schema.Struct({
  version: Schema.optionalKey(version).annotate({ description: "Default: the default version.", examples: [2] })
})

const paging = (after: string, limit: string, order: string) =>
  Schema.Struct({
    after: Schema.optionalKey(Schema.String).annotate({ description: after, examples: ["pmpt_6f0a1c"] }),
    limit: count({ default: 1000, maximum: 1000, description: limit }),
    order: Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({ description: order, examples: ["asc"] })
  })

export const PromptsQuery = paging(
  "The last prompt of the page before: its id.",
  "Prompts a page.",
  "`desc`: the newest first. Default `desc`."
)
export type PromptsQuery = typeof PromptsQuery.Type

export const PromptVersionsQuery = paging(
  "The last version of the page before: its number.",
  "Versions a page.",
  "`desc`: the newest first. Default `asc`."
)
