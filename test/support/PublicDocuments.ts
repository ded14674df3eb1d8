/** Vendors' public documents, where they are at hand: what a fake vendor answers is held against them. */
import { existsSync, readFileSync } from "node:fs"
import { parse } from "yaml"
import { checker } from "./JsonSchema.ts"

const files = { openai: "openai-spec-2.3.0.yml", anthropic: "anthropic-spec.json" } as const

/** Beside the repository, or beside the folder of a worktree. */
const readOf = (name: string) => {
  const file = ["../../../", "../../../../"].map((up) => new URL(`${up}shared/specs/${name}`, import.meta.url))
    .find((place) => existsSync(place))
  return file === undefined ? undefined : checker(parse(readFileSync(file, "utf8"), { logLevel: "silent" }))
}

const read = new Map<string, ReturnType<typeof readOf>>()

/** Fails with what is wrong; gives the value. */
export const held = <A>(document: keyof typeof files, name: string, value: A): A => {
  const file = files[document]
  if (!read.has(file)) read.set(file, readOf(file))
  const errors = read.get(file)?.(`/components/schemas/${name}`, value) ?? []
  if (errors.length === 0) return value
  throw new Error(`no ${name} of ${document}: ${JSON.stringify(errors.slice(0, 5))}\n${JSON.stringify(value)}`)
}
