/** Reads YAML text into a plain tree; what is wrong with it comes as issues with line and column. */
import { Result, type Schema } from "effect"
import { LineCounter, parseDocument } from "yaml"
import type { ConfigurationIssue } from "../issues/ConfigurationInvalid.ts"

const reason = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

const fault = (code: string, message: string): string =>
  code === "MULTIPLE_DOCS"
    ? "a second document begins here, and a configuration is one: remove the line --- and what is of the other"
    : `this is not valid YAML: ${message}`

/** An empty text is an empty mapping. Anchors and merge keys work; an anchor inside itself does not. */
export const parseYaml = (text: string): Result.Result<Schema.Json, ReadonlyArray<ConfigurationIssue>> => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error", lineCounter, merge: true })
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0) {
    return Result.fail(faults.map(({ code, message, pos }) => {
      const { line, col } = lineCounter.linePos(pos[0])
      return { path: `line ${line}, column ${col}`, message: fault(code, message) }
    }))
  }
  return Result.try({
    try: (): Schema.Json => {
      const tree: Schema.Json = document.toJS() ?? {}
      JSON.stringify(tree)
      return tree
    },
    catch: (cause) => [{ path: "", message: `an anchor (&) or alias (*) cannot be resolved: ${reason(cause)}` }]
  })
}
