/** Changes the model of a JSON request in its text, so that everything else stays as the client wrote it. */
import { nextQuote } from "../../../events/types/JsonQuotes.ts"

/** What begins or ends something: of a string, its first quotation mark. */
const structural = /["{}[\],]/g
/** The same within a value, whose commas separate no members. */
const nested = /["{}[\]]/g

/** How most requests begin. */
const usual = "{\"model\":\""

/** Where the model stands first, and no other key can be it; undefined: it has to be looked for. */
const replacedFirst = (text: string, model: string): string | undefined => {
  if (!text.startsWith(usual) || text.includes("\"model\"", usual.length) || text.includes("\\u")) return undefined
  const end = text.indexOf("\"", usual.length)
  return text[end - 1] === "\\" ? undefined : `{"model":${JSON.stringify(model)}${text.slice(end + 1)}`
}

/** `text` is a valid JSON object. A key that stands twice is replaced twice. One loop: it reads all of every request. */
export const replaceModel = (text: string, model: string): string => {
  const replaced = replacedFirst(text, model)
  if (replaced !== undefined) return replaced
  let output = ""
  let copied = 0
  let depth = 0
  /** Of a member of the object itself: true until its key is read. */
  let expectsKey = true
  /** Where the model's value begins, behind the colon; 0: another member. */
  let valueStart = 0
  let at = 0
  while (true) {
    const marks = depth > 1 ? nested : structural
    marks.lastIndex = at
    const match = marks.exec(text)
    if (match === null) return output + text.slice(copied)
    const { 0: mark, index } = match
    at = index + 1
    if (mark === "\"") {
      const end = nextQuote(text, index + 1)
      if (depth === 1 && expectsKey) {
        expectsKey = false
        const key = text.slice(index + 1, end)
        const isModel = key === "model" || (key.includes("\\") && JSON.parse(`"${key}"`) === "model")
        valueStart = isModel ? text.indexOf(":", end) + 1 : 0
      }
      at = end + 1
      continue
    }
    if (mark === "{" || mark === "[") depth++
    else if (mark !== ",") depth--
    // The end of a member: a comma behind it, or the object's own end.
    if (depth !== (mark === "," ? 1 : 0)) continue
    if (valueStart > 0) {
      const value = text.slice(valueStart, index)
      output += text.slice(copied, index - value.trimStart().length) + JSON.stringify(model)
      copied = valueStart + value.trimEnd().length
    }
    expectsKey = true
    valueStart = 0
  }
}
