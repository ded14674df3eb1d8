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
  const known = ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []
  const nearest = nearestKey(key, known)
  const suggestion = nearest === undefined ? "remove it" : `did you mean ${nearest}?`
  return `unknown key ${key}: ${suggestion} (known here: ${known.join(", ")})`
}

const expectation = (ast: SchemaAST.AST): string => {
  const expected = SchemaAST.resolve(ast)?.["expected"]
  if (typeof expected === "string") return `expected ${expected}`
  return SchemaIssue.defaultLeafHook(new SchemaIssue.InvalidType(ast)).replace(/^Expected /, "expected ")
}

const flatten = (issue: SchemaIssue.Issue, path: Path, written: Schema.Json): ReadonlyArray<ConfigurationIssue> => {
  const leaf = (message: string) => [{ path: formatPath(path), message }]
  const instead = (expected: string) => leaf(`${expected}, got ${got(at(written, path), path)}`)
  switch (issue._tag) {
    case "Encoding":
      return flatten(issue.issue, path, written)
    case "Pointer":
      return flatten(issue.issue, [...path, ...issue.path], written)
    case "Composite":
      return issue.issues.flatMap((inner) => flatten(inner, path, written))
    case "Filter": {
      const expected = issue.filter.annotations?.expected
      return typeof expected === "string" ? instead(`expected ${expected}`) : flatten(issue.issue, path, written)
    }
    case "AnyOf":
      // One that was meant, by its type: what is wrong is within.
      return issue.issues.length === 1
        ? flatten(issue.issues[0]!, path, written)
        : instead(expectation(issue.ast))
    case "InvalidType":
      return instead(expectation(issue.ast))
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
