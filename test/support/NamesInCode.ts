/** The names that a source file has in its code: what stands in comments, texts and regular expressions is none. */

const skipped = /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\s+/y
const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
const text = /(?:\\.|\$(?!\{)|[^\\`$])*(`|\$\{)/y
const word = /[A-Za-z_$][\w$]*/y
const other = /\.\.\.|[^]/y

/** Behind these a slash begins a regular expression. */
const beforeValue = /^(?:return|[(,=:[!&|?{};>]|)$/

/** Without the members of what comes from elsewhere: `event.type` has the name `event`. */
export const namesInCode = (source: string): ReadonlySet<string> => {
  const names = new Set<string>()
  /** Of each open template, how many braces are open within its `${…}`. */
  const templates: Array<number> = []
  let position = 0
  let previous = ""
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    const match = pattern.exec(source)
    if (match === null) return undefined
    position = pattern.lastIndex
    return match[0]
  }
  const takeText = () => {
    if (take(text)?.endsWith("${") === true) templates.push(0)
  }
  while (position < source.length) {
    if (take(skipped) !== undefined) continue
    if (beforeValue.test(previous) && take(regularExpression) !== undefined) {
      previous = "value"
      continue
    }
    const name = take(word)
    if (name !== undefined) {
      if (previous !== ".") names.add(name)
      previous = name
      continue
    }
    previous = take(other) ?? ""
    const open = templates.length - 1
    if (previous === "`") takeText()
    else if (previous === "{" && open >= 0) templates[open]!++
    else if (previous === "}" && open >= 0 && templates[open]!-- === 0) {
      templates.pop()
      takeText()
    }
  }
  return names
}

/** `lastCheck` has the words `last` and `check`. */
export const wordsOf = (name: string): ReadonlyArray<string> =>
  [...name.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)].map(([each]) => each.toLowerCase())
