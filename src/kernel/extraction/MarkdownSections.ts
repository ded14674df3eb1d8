/** The sections of a Markdown text: each begins with its heading. */
import type { PartCollector } from "./PartCollector.ts"

const longestHeading = 200

/** `metadata`: what all of them have. */
export const add = (
  text: string,
  collector: PartCollector,
  metadata: Readonly<Record<string, string | number>> = {}
): void => {
  let heading: string | undefined
  let fence: string | undefined
  let start = 0
  const end = (at: number): void =>
    collector.add(text.slice(start, at), heading === undefined ? metadata : { ...metadata, heading })
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at)
    const next = newline === -1 ? text.length : newline + 1
    // A heading is never longer, and a line may be as long as the text.
    const line = text.slice(at, Math.min(next, at + 400)).trimEnd()
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
    } else if (mark !== undefined) fence = mark
    else {
      const title = /^ {0,3}#{1,6}[ \t]+(.+)$/.exec(line)?.[1]?.replace(/[ \t]+#+$/, "")
      if (title !== undefined) {
        end(at)
        start = at
        heading = title.trim().slice(0, longestHeading).toWellFormed()
      }
    }
    at = next
  }
  end(text.length)
}
