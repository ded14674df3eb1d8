/** Whose model it is, as its id tells: each takes fields of its own besides. */

export type ModelFamily = "anthropic" | "nova" | "openai" | "other" | "unknown"

/** `us.anthropic.claude-…`, an ARN with such an id in it; of an application's own profile nobody knows. */
export const of = (model: string | null | undefined): ModelFamily => {
  const id = model ?? ""
  if (/application-inference-profile|:prompt\/|provisioned-model|imported-model|custom-model/.test(id)) return "unknown"
  if (/(^|[./])anthropic\./.test(id)) return "anthropic"
  if (/(^|[./])amazon\.nova/.test(id)) return "nova"
  if (/(^|[./])openai\./.test(id)) return "openai"
  return /(^|[./])[a-z0-9-]+\.[a-z]/i.test(id) ? "other" : "unknown"
}

const withoutCache: ReadonlySet<ModelFamily> = new Set(["openai", "other"])

/** Whether marks of the cache may be sent: other models refuse them. */
export const hasCache = (family: ModelFamily): boolean => !withoutCache.has(family)
