/** The model of a request: in the path, and what its name tells of what it takes. */

/** `models/gemini-3-pro`, `tunedModels/x` and whole names of Vertex stay; a bare id is one of `models/`. */
const resource = /^(models|tunedModels|publishers|projects)\//

const escaped = (id: string): string => id.split("/").map(encodeURIComponent).join("/")

/** As the wire names it. */
export const resourceOf = (model: string): string => {
  const name = model.replace(/^\/+/, "")
  return resource.test(name) ? name : `models/${name}`
}

export const counting = (model: string): string => `/${escaped(resourceOf(model))}:countTokens`

/** Of several texts at once. */
export const embedding = (model: string): string => `/${escaped(resourceOf(model))}:batchEmbedContents`

export const path = ({ model, stream }: { readonly model: string; readonly stream: boolean }): string =>
  `/${escaped(resourceOf(model))}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`

/** 2.5 of `gemini-2.5-flash`; infinite for `gemini-flash-latest`; undefined where the name does not tell. */
export const generation = (model: string | null | undefined): number | undefined => {
  const [, digits] = /gemini-(\d+(?:\.\d+)?)/.exec(model ?? "") ?? []
  if (digits !== undefined) return Number(digits)
  return /gemini-.*latest/.test(model ?? "") ? Number.POSITIVE_INFINITY : undefined
}
