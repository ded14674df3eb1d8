/** OpenAI's files, as its public document has them: ids of its own, content as it was sent. */
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

export interface FakeFile {
  readonly filename: string
  readonly purpose: string
  readonly content: string
}

const fieldOf = (form: string, name: string): RegExpExecArray | null =>
  new RegExp(
    `Content-Disposition: form-data; name="${name}"(?:; filename="([^"]*)")?(?:\\r\\n[^\\r\\n]+)*\\r\\n\\r\\n([^]*?)\\r\\n--`
  ).exec(form)

const missing = (id: string) => ScriptedAnswer.error(404, `No such File object: ${id}`, "not_found")

/** `kept`: what it has by now. */
export const make = () => {
  const kept = new Map<string, FakeFile>()
  let count = 0
  const respond = ({ bodyText, method, path }: ReceivedRequest): ScriptedAnswer | undefined => {
    const [, id = "", content] = /^\/v1\/files\/([^/?]+)(\/content)?/.exec(path) ?? []
    if (method === "POST" && path === "/v1/files") {
      const [, filename = "", text = ""] = fieldOf(bodyText, "file") ?? []
      const purpose = fieldOf(bodyText, "purpose")?.[2] ?? ""
      const made = `file-vendor-${++count}`
      kept.set(made, { filename, purpose, content: text })
      return ScriptedAnswer.json(200, {
        id: made,
        object: "file",
        bytes: text.length,
        filename,
        purpose,
        created_at: 1
      })
    }
    if (method === "GET" && id === "") return ScriptedAnswer.json(200, { object: "list", data: [] })
    const file = kept.get(id)
    if (file === undefined) return missing(id)
    if (method === "DELETE") {
      kept.delete(id)
      return ScriptedAnswer.json(200, { id, object: "file", deleted: true })
    }
    if (content === undefined) return ScriptedAnswer.json(200, { id, object: "file" })
    return file.purpose === "assistants"
      ? ScriptedAnswer.error(400, "Not allowed to download files of purpose: assistants", "invalid_request_error")
      : { _tag: "Fixed", status: 200, headers: { "content-type": "application/octet-stream" }, body: file.content }
  }
  return { kept, respond }
}
