/** Changes the model of a JSON request in its text, so that everything else stays as the client wrote it. */

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

/** What stands between a value and the next key, and between a key and its value. */
const beforeKey = /[\s,]*(?=")/y
const behindKey = /\s*:\s*/y

/** `text` is a valid JSON object. A key that stands twice is replaced twice. */
export const replaceModel = (text: string, model: string): string => {
  const replacement = JSON.stringify(model)
  let output = ""
  let copied = 0
  beforeKey.lastIndex = text.indexOf("{") + 1
  while (beforeKey.test(text)) {
    const keyStart = beforeKey.lastIndex
    behindKey.lastIndex = skipString(text, keyStart)
    const key = text.slice(keyStart, behindKey.lastIndex)
    if (!behindKey.test(text)) break
    const start = behindKey.lastIndex
    const end = skipValue(text, start)
    if (key === "\"model\"" || (key.includes("\\") && JSON.parse(key) === "model")) {
      output += text.slice(copied, start) + replacement
      copied = end
    }
    beforeKey.lastIndex = end
  }
  return output + text.slice(copied)
}
