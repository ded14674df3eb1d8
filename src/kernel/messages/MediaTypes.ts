/** What a file is, by what its client says or its name ends in. */

const byEnding: Readonly<Record<string, string>> = {
  csv: "text/csv",
  gif: "image/gif",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  jsonl: "application/jsonl",
  md: "text/markdown",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  webp: "image/webp",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml"
}

const unspecific: ReadonlySet<string> = new Set(["", "application/octet-stream"])

/** `given`: the type that its client named. */
export const of = (given: string, filename: string): string => {
  const type = given.split(";", 1)[0]!.trim().toLowerCase()
  const ending = /\.([a-z\d]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? ""
  const byName = Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined
  return unspecific.has(type) ? byName ?? "application/octet-stream" : type
}

/** Whether its bytes are text. */
export const isText = (type: string): boolean =>
  /^text\/|^application\/(?:json|jsonl|xml|yaml|x-yaml|javascript)$|\+(?:json|xml)$/.test(type)

export const isImage = (type: string): boolean => type.startsWith("image/")
