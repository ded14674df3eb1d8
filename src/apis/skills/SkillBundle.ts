/** The files of a skill, as they were uploaded: checked, with what its SKILL.md says. */
import { Effect, Predicate, Schema } from "effect"
import { isUtf8 } from "node:buffer"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import type { ZipEntry } from "./ZipReader.ts"
import * as ZipReader from "./ZipReader.ts"

export const SkillFile = Schema.Struct({
  path: Schema.String,
  encoding: Schema.Literals(["utf-8", "base64"]),
  content: Schema.String
})
export type SkillFile = typeof SkillFile.Type

export interface SkillBundle {
  readonly name: string
  readonly description: string
  /** What SKILL.md says behind its front matter. */
  readonly instructions: string
  readonly files: ReadonlyArray<SkillFile>
}

export const bounds: ZipReader.Bounds = { maxEntries: 500, maxBytes: 10 * 1024 * 1024 }

const longest = { path: 256, name: 64, description: 1024, frontMatter: 16 * 1024, instructions: 256 * 1024 }

const invalid = (message: string) => new DocumentInvalid({ type: "skill", field: "files", message })

/** What is wrong with a path; undefined: nothing. */
const pathProblem = (path: string): string | undefined => {
  if (path === "" || path.length > longest.path) return `has no length from 1 to ${longest.path} characters`
  // oxlint-disable-next-line no-control-regex -- those are what is refused
  if (/[\\\u0000-\u001f\u007f]/.test(path)) return "has a backslash or a control character"
  if (path.includes("\uFFFD")) return "is no text in UTF-8"
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "is no path within the skill"
  return path.split("/").some((part) => part === "" || part === "." || part === "..")
    ? "leads out of the skill, or has an empty part"
    : undefined
}

const foldersOf = (path: string): ReadonlyArray<string> => {
  const parts = path.split("/")
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"))
}

const checkPaths = (entries: ReadonlyArray<ZipEntry>): DocumentInvalid | undefined => {
  const paths = new Set<string>()
  for (const { path } of entries) {
    const problem = pathProblem(path)
    if (problem !== undefined) return invalid(`The path ${JSON.stringify(path)} ${problem}.`)
    // Some file systems take these for one.
    const plain = path.normalize("NFC").toLowerCase()
    if (paths.has(plain)) return invalid(`There are two files ${JSON.stringify(path)}.`)
    paths.add(plain)
  }
  for (const path of paths) {
    const folder = foldersOf(path).find((each) => paths.has(each))
    if (folder !== undefined) {
      return invalid(`There is a file ${JSON.stringify(folder)}, and a folder of the same path.`)
    }
  }
  return undefined
}

const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/

const textField = (fields: object, name: "name" | "description"): string | DocumentInvalid => {
  const value: unknown = Reflect.get(fields, name)
  const text = typeof value === "string" ? value.trim() : ""
  return text === "" || text.length > longest[name]
    ? invalid(`The front matter of SKILL.md needs a ${name} of 1 to ${longest[name]} characters.`)
    : text
}

/** Reads a text of YAML; undefined: it is none. Most servers never see a skill, and do without the library. */
type Yaml = (text: string) => unknown

const loadYaml: Effect.Effect<Yaml> = Effect.map(Effect.promise(() => import("yaml")), ({ parse }) => (text) => {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch {
    return undefined
  }
})

const readManual = (bytes: Uint8Array, yaml: Yaml): Omit<SkillBundle, "files"> | DocumentInvalid => {
  if (!isUtf8(bytes)) return invalid("SKILL.md is no text in UTF-8.")
  const [, head, instructions = ""] = frontMatter.exec(Buffer.from(bytes).toString("utf8")) ?? []
  if (head !== undefined && head.length > longest.frontMatter) {
    return invalid(`The front matter of SKILL.md is longer than ${longest.frontMatter} characters.`)
  }
  const fields = head === undefined ? undefined : yaml(head)
  if (!Predicate.isObject(fields)) {
    return invalid("SKILL.md begins with front matter: a line of ---, name: and description:, and a line of --- again.")
  }
  if (instructions.length > longest.instructions) {
    return invalid(`SKILL.md is longer than ${longest.instructions} characters: put the rest into files beside it.`)
  }
  const [name, description] = [textField(fields, "name"), textField(fields, "description")]
  if (typeof name !== "string") return name
  return typeof description === "string" ? { name, description, instructions: instructions.trim() } : description
}

/** SKILL.md stands at the top, or in the one folder that all files are in. */
const manualOf = (entries: ReadonlyArray<ZipEntry>): ZipEntry | undefined => {
  const [first] = entries
  const folder = first?.path.split("/")[0] ?? ""
  const isWithin = entries.every(({ path }) => path.startsWith(`${folder}/`))
  return entries.find(({ path }) => path === "SKILL.md" || (isWithin && path === `${folder}/SKILL.md`))
}

const toFile = ({ bytes, path }: ZipEntry): SkillFile => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(bytes)
    ? { path, encoding: "utf-8", content: buffer.toString("utf8") }
    : { path, encoding: "base64", content: buffer.toString("base64") }
}

export const toEntry = ({ content, encoding, path }: SkillFile): ZipEntry => ({
  path,
  bytes: Buffer.from(content, encoding === "base64" ? "base64" : "utf8")
})

const isArchive = ({ bytes }: ZipEntry): boolean => Buffer.from(bytes.subarray(0, 2)).toString("latin1") === "PK"

const unpacked = (uploaded: ReadonlyArray<ZipEntry>): ReadonlyArray<ZipEntry> | DocumentInvalid => {
  const [first, ...others] = uploaded
  if (first === undefined) return invalid("Send the skill's files as parts named files[], or one zip archive as files.")
  if (others.length > 0 || !isArchive(first)) return uploaded
  try {
    return ZipReader.read(first.bytes, bounds)
  } catch (cause) {
    if (cause instanceof ZipReader.ZipRefused) return invalid(`The zip archive is not taken: ${cause.message}.`)
    throw cause
  }
}

const read = (uploaded: ReadonlyArray<ZipEntry>, yaml: Yaml): SkillBundle | DocumentInvalid => {
  const entries = unpacked(uploaded)
  if (entries instanceof DocumentInvalid) return entries
  if (entries.length > bounds.maxEntries) {
    return invalid(`The skill has ${entries.length} files, at most ${bounds.maxEntries} are taken.`)
  }
  if (entries.reduce((sum, { bytes }) => sum + bytes.length, 0) > bounds.maxBytes) {
    return invalid(`The skill's files have more than ${bounds.maxBytes} bytes together.`)
  }
  const problem = checkPaths(entries)
  if (problem !== undefined) return problem
  const manual = manualOf(entries)
  if (manual === undefined) {
    return invalid("There is no SKILL.md: it stands at the top, or in the one folder that all files are in.")
  }
  const described = readManual(manual.bytes, yaml)
  return described instanceof DocumentInvalid ? described : { ...described, files: entries.map(toFile) }
}

/** Of files that were uploaded one by one, or of one zip archive. */
export const of = (uploaded: ReadonlyArray<ZipEntry>): Effect.Effect<SkillBundle, DocumentInvalid> =>
  Effect.flatMap(loadYaml, (yaml) => {
    const bundle = read(uploaded, yaml)
    return bundle instanceof DocumentInvalid ? Effect.fail(bundle) : Effect.succeed(bundle)
  })
