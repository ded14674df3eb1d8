/** Changes the model of a JSON request in its text, so that everything else stays as the client wrote it. */

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

const skipSpace = (text: string, at: number): number => {
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

/** The index behind the string that begins at `at`. */
const skipString = (text: string, at: number): number => {
  let end = text.indexOf("\"", at + 1)
  while (end !== -1) {
    let slashes = 0
    while (text[end - 1 - slashes] === "\\") slashes++
    if (slashes % 2 === 0) return end + 1
    end = text.indexOf("\"", end + 1)
  }
  return text.length
}

const structural = /["{}[\]]/g

/** The index behind the object or array that begins at `at`. */
const skipNested = (text: string, at: number): number => {
  let depth = 0
  structural.lastIndex = at
  for (let match = structural.exec(text); match !== null; match = structural.exec(text)) {
    const found = match[0]
    if (found === "\"") structural.lastIndex = skipString(text, match.index)
    else if (found === "{" || found === "[") depth++
    else if (--depth === 0) return match.index + 1
  }
  return text.length
}

const plainEnd = /[,}\s]/g

/** The index behind the value that begins at `at`. */
const skipValue = (text: string, at: number): number => {
  const first = text[at]
  if (first === "\"") return skipString(text, at)
  if (first === "{" || first === "[") return skipNested(text, at)
  plainEnd.lastIndex = at
  return plainEnd.exec(text)?.index ?? text.length
}

/** `text` is a valid JSON object. A key that stands twice is replaced twice. */
export const replaceModel = (text: string, model: string): string => {
  const replacement = JSON.stringify(model)
  let output = ""
  let copied = 0
  let at = skipSpace(text, skipSpace(text, 0) + 1)
  while (text[at] === "\"") {
    const keyEnd = skipString(text, at)
    const key = text.slice(at, keyEnd)
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const valueEnd = skipValue(text, valueStart)
    if (key === "\"model\"" || (key.includes("\\") && JSON.parse(key) === "model")) {
      output += text.slice(copied, valueStart) + replacement
      copied = valueEnd
    }
    at = skipSpace(text, valueEnd)
    if (text[at] !== ",") break
    at = skipSpace(text, at + 1)
  }
  return output + text.slice(copied)
}
