/** The Gemini API as Vertex AI has it: models are their publisher's, and tokens are counted of the request itself. */
import type { Dialect } from "../../../kernel/dialects/Dialect.ts"
import { gemini } from "../../../kernel/dialects/gemini/GeminiDialect.ts"

const whole = /^(publishers|projects)\//

/** `gemini-3-pro` is Google's; whole names stay. */
export const resourceOf = (model: string): string => {
  const name = model.replace(/^\/+/, "")
  return whole.test(name) ? name : `publishers/google/models/${name.replace(/^models\//, "")}`
}

const { countTokens, ...rest } = gemini

export const vertex: Dialect = {
  ...rest,
  path: ({ model, stream }) => gemini.path({ model: resourceOf(model), stream }),
  ...(countTokens === undefined ? {} : {
    countTokens: { ...countTokens, path: (model) => countTokens.path(resourceOf(model)), lower: (body) => body }
  })
}
