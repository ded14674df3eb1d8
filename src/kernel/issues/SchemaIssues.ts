/** Turns the Schema's complaints about a configuration into issues that name the path, the fault and the remedy. */
import { type Schema, SchemaAST, SchemaIssue } from "effect"
import { type ConfigurationIssue, formatPath } from "./ConfigurationInvalid.ts"
import { namesIn } from "./EnvironmentSubstitution.ts"
import { nearestKey } from "./NearestKey.ts"

type Path = ReadonlyArray<PropertyKey>

const at = (tree: Schema.Json, path: Path): unknown =>
  path.reduce<unknown>(
    (node, key) => typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined,
    tree
  )

/** Names what the file says, never what the environment holds, and nothing of a provider's config: both may be secret. */
const got = (written: unknown, path: Path): string => {
  if (written === null || written === undefined) return "nothing: fill it in, or leave the key out"
  if (Array.isArray(written)) return "a list"
  if (typeof written === "object") return "a mapping"
  // Where a hash should stand there may stand the key itself.
  if (path.includes("config") || path.includes("keys")) return `a ${typeof written}`
  if (typeof written === "string" && namesIn(written).length > 0) return `the value of ${written}`
  if (typeof written !== "string") return String(written)
  return /:\/\/.*@/.test(written) ? "a URL" : JSON.stringify(written.slice(0, 80))
}

const unknownKey = (ast: SchemaAST.AST, key: string): string => {
  const keys = ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []
  const nearest = nearestKey(key, keys)
  const suggestion = nearest === undefined ? "remove it" : `did you mean ${nearest}?`
  return `unknown key ${key}: ${suggestion} (known here: ${keys.join(", ")})`
}

const oneOf = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`

/** Effect's words, in those of a file. */
const inWords = (expected: string, isText: boolean): string => {
  if (expected === "a finite number") return "a number"
  if (expected === "an integer") return "a whole number"
  return isText && expected === "a value with a length of at least 1" ? "a text that is not empty" : expected
}

/** What to write, in the words of a file. */
const wordsFor = (ast: SchemaAST.AST): string => {
  const expected = SchemaAST.resolve(ast)?.["expected"]
  if (typeof expected === "string") return inWords(expected, SchemaAST.isString(ast))
  if (SchemaAST.isString(ast)) return "a text"
  if (SchemaAST.isNumber(ast)) return "a number"
  if (SchemaAST.isBoolean(ast)) return "true or false"
  if (SchemaAST.isArrays(ast)) return "a list"
  if (SchemaAST.isObjects(ast)) return "a mapping"
  if (SchemaAST.isLiteral(ast)) return String(ast.literal)
  if (SchemaAST.isUnion(ast)) return oneOf([...new Set(ast.types.map(wordsFor))])
  return SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidType(ast)).replace(/^Expected /, "")
}

const expectation = (ast: SchemaAST.AST): string => `expected ${wordsFor(ast)}`

/** YAML reads what looks like a number or a flag as one. */
const needsQuotes = (ast: SchemaAST.AST, value: unknown): boolean =>
  SchemaAST.isString(ast) && SchemaAST.resolve(ast)?.["expected"] === undefined &&
  (typeof value === "number" || typeof value === "boolean")

/** What to add where its Schema has no words of its own. */
const missingKey = (key: PropertyKey | undefined, parent: SchemaAST.AST | undefined): string => {
  const property = parent !== undefined && SchemaAST.isObjects(parent)
    ? parent.propertySignatures.find(({ name }) => name === key)
    : undefined
  return `missing: add ${String(key)}${
    property === undefined ? "" : `: it is to be ${wordsFor(SchemaAST.toEncoded(property.type))}`
  }`
}

/** `parent`: what the key at the end of the path is one of. */
const flatten = (
  issue: SchemaIssue.Issue,
  path: Path,
  written: Schema.Json,
  parent?: SchemaAST.AST
): ReadonlyArray<ConfigurationIssue> => {
  const leaf = (message: string) => [{ path: formatPath(path), message }]
  const instead = (expected: string) => leaf(`${expected}, got ${got(at(written, path), path)}`)
  switch (issue._tag) {
    case "Encoding":
      return flatten(issue.issue, path, written, parent)
    case "Pointer":
      return flatten(issue.issue, [...path, ...issue.path], written, parent)
    case "Composite":
      return issue.issues.flatMap((inner) => flatten(inner, path, written, issue.ast))
    case "Filter": {
      const expected = issue.filter.annotations?.expected
      return typeof expected === "string"
        ? instead(`expected ${inWords(expected, typeof at(written, path) === "string")}`)
        : flatten(issue.issue, path, written)
    }
    case "AnyOf":
      // One that was meant, by its type: what is wrong is within.
      return issue.issues.length === 1
        ? flatten(issue.issues[0]!, path, written)
        : instead(expectation(issue.ast))
    case "InvalidType": {
      const quotes = needsQuotes(issue.ast, at(written, path)) ? ": put it in quotes" : ""
      return instead(expectation(issue.ast)).map(({ message, path }) => ({ path, message: message + quotes }))
    }
    case "MissingKey":
      return leaf(
        typeof issue.annotations?.messageMissingKey === "string"
          ? issue.annotations.messageMissingKey
          : missingKey(path.at(-1), parent)
      )
    case "UnexpectedKey":
      return leaf(unknownKey(issue.ast, String(path.at(-1))))
    default:
      return leaf(SchemaIssue.defaultLeafHook(issue))
  }
}

/**
 * `written` is the tree before substitution: the person who reads the issue has that one before their eyes. `path` is
 * where in it the decoded value stands.
 */
export const decodingIssues = (
  error: Schema.SchemaError,
  written: Schema.Json,
  path: Path = []
): ReadonlyArray<ConfigurationIssue> => {
  const issues = flatten(error.issue, path, written)
  return issues.filter((one, index) =>
    issues.findIndex((other) => other.path === one.path && other.message === one.message) === index
  )
}
