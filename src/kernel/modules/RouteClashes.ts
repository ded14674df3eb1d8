/** Which routes of an API from outside are taken, or would take what others serve. */
import * as DocumentPaths from "../http/DocumentPaths.ts"
import type { Operation } from "../http/Operations.ts"

/** `:id`, `:id(\\d+)`: the router tells two paths apart by what is left without. */
const parameter = /:\w+(\((?:[^()]|\([^()]*\))*\))?/g

const erased = (path: string): string => {
  const parts = path.split("::").map((part) => part.replaceAll(parameter, ":"))
  return parts.join("::").replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, "").toLowerCase()
}

/** What a path is to the router: its last parameter may be left out. */
const formsOf = (path: string): ReadonlyArray<string> => {
  const whole = erased(path)
  return whole.endsWith("/:?") ? [whole.slice(0, -1), whole.slice(0, -3) || "/"] : [whole]
}

/** What a last parameter that may hold slashes takes from the other. */
const swallows = (greedy: Operation, other: Operation): boolean => {
  if (!greedy.slashesInLastParameter) return false
  const before = erased(greedy.path).replace(/[^/]*$/, "")
  return formsOf(other.path).some((form) => form.startsWith(before) && form.includes("/", before.length))
}

const issueOf = (operation: Operation, taken: ReadonlyArray<Operation>): string | undefined => {
  const route = `${operation.method} ${operation.path}`
  const forms = formsOf(operation.path)
  if (forms.some((form) => form.includes("*"))) {
    return `${route} has a wildcard, and would take what others serve: write out its paths`
  }
  if (forms.some((form) => DocumentPaths.all.includes(form))) {
    return `${route} is where Strata has its documents: choose another path`
  }
  const same = taken.find(({ method, path }) =>
    method === operation.method && formsOf(path).some((form) => forms.includes(form))
  )
  if (same !== undefined) {
    const as = same.path === operation.path ? "" : `, as ${same.path}`
    return `${route} is served by ${same.group} already${as}: choose another path`
  }
  const near = taken.find((each) => swallows(each, operation) || swallows(operation, each))
  return near === undefined
    ? undefined
    : `${route} can't be told from ${near.path} of ${near.group}, for a last parameter may hold slashes: choose another path`
}

/** `taken`: what is served besides. */
export const issues = (operations: ReadonlyArray<Operation>, taken: ReadonlyArray<Operation>): ReadonlyArray<string> =>
  operations.flatMap((each, index) => issueOf(each, [...taken, ...operations.slice(0, index)]) ?? [])
