/** What a file is, by what its client says or its name ends in: the one table of endings. */

const byEnding = {
  aac: "audio/aac",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  epub: "application/epub+zip",
  flac: "audio/flac",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  jsonl: "application/jsonl",
  markdown: "text/markdown",
  md: "text/markdown",
  mdx: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odt: "application/vnd.oasis.opendocument.text",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  svg: "image/svg+xml",
  tab: "text/tab-separated-values",
  tsv: "text/tab-separated-values",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  xhtml: "application/xhtml+xml",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml"
} as const

export type Ending = keyof typeof byEnding

export const ofEnding = <E extends Ending>(ending: E): typeof byEnding[E] => byEnding[ending]

const isEnding = (ending: string): ending is Ending => Object.hasOwn(byEnding, ending)

/** By what the name ends in; undefined for an ending that nobody here knows. */
export const ofName = (filename: string): string | undefined => {
  const ending = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase()
  return isEnding(ending) && ending.length < filename.length ? byEnding[ending] : undefined
}

/** What endings a type is called by, the usual one first. */
const usualEndings: Readonly<Record<string, Ending>> = {
  "application/yaml": "yaml",
  "image/jpeg": "jpeg",
  "text/html": "html",
  "text/markdown": "md",
  "text/tab-separated-values": "tsv"
}

/** What names of files of the type end in; undefined for one that nobody here knows. */
export const endingOf = (type: string): Ending | undefined =>
  Object.hasOwn(usualEndings, type)
    ? usualEndings[type]
    : (Object.keys(byEnding) as ReadonlyArray<Ending>).find((ending) => byEnding[ending] === type)

const unspecific: ReadonlySet<string> = new Set(["", "application/octet-stream"])

/** `given`: the type that its client named. */
export const of = (given: string, filename: string): string => {
  const type = given.split(";", 1)[0]!.trim().toLowerCase()
  return unspecific.has(type) ? ofName(filename) ?? "application/octet-stream" : type
}

/** Whether its bytes are text. */
export const isText = (type: string): boolean =>
  /^text\/|^application\/(?:json|jsonl|xml|yaml|x-yaml|javascript)$|\+(?:json|xml)$/.test(type)

export const isImage = (type: string): boolean => type.startsWith("image/")
