/** A chat request that says whose project, or space, pays. */
import { Predicate } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"

export interface Owner {
  readonly project_id?: string
  readonly space_id?: string
}

/** One of both, a space before a project; what a client says of it does not count. */
export const lower = ({ project_id = "", space_id = "" }: Owner) => {
  const owner = space_id === "" ? project_id === "" ? {} : { project_id } : { space_id }
  const fields = JSON.stringify(owner).slice(1, -1)
  return (text: string): string => {
    const body = parse(text)
    if (fields === "" || !Predicate.isObject(body) || Array.isArray(body)) return text
    const { project_id: one, space_id: other, ...rest } = body as Readonly<Record<string, unknown>>
    // All else stays as the client wrote it.
    return one === undefined && other === undefined && Object.keys(rest).length > 0
      ? `{${fields},${text.trimStart().slice(1)}`
      : JSON.stringify({ ...owner, ...rest })
  }
}
