/** A tiny real language model outside of the repository, and whether it can be asked here. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = fileURLToPath(new URL("../../../shared/models/stories260K.gguf", import.meta.url))

const isInstalled = (name: string): boolean => {
  try {
    return import.meta.resolve(name) !== ""
  } catch {
    return false
  }
}

const reason = !existsSync(path)
  ? "no model at ../shared/models"
  : isInstalled("node-llama-cpp")
  ? ""
  : "node-llama-cpp is not installed: it is an optional peer of 700 MB"

export const TinyModel = { path, available: reason === "", reason }
