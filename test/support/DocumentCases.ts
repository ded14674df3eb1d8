/** What clients make and keep, and each way to change it: for the contract of all of them. */
import type { DocumentCase } from "./documentContract.ts"

const metadata = { topic: "changed" }
const learnId = ({ id }: { readonly id: string }) => ({ id })

const conversations: DocumentCase = {
  name: "conversations",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1/conversations", body: { items: [{ role: "user", content: "first" }] } }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/conversations/${id}/items`, includes: "first" })
    },
    {
      name: "add items",
      ask: ({ id }) => ({
        method: "POST",
        path: `/v1/conversations/${id}/items`,
        body: { items: [{ role: "user", content: "second" }] }
      }),
      learn: ({ first_id: item }: { readonly first_id: string }) => ({ item }),
      seen: ({ id, item }) => ({ path: `/v1/conversations/${id}/items/${item}`, includes: "second" })
    },
    {
      name: "update",
      ask: ({ id }) => ({ method: "POST", path: `/v1/conversations/${id}`, body: { metadata } }),
      seen: ({ id }) => ({ path: `/v1/conversations/${id}`, includes: "changed" })
    },
    {
      name: "add another",
      ask: ({ id }) => ({
        method: "POST",
        path: `/v1/conversations/${id}/items`,
        body: { items: [{ role: "user", content: "third", id: "msg_third" }] }
      }),
      seen: ({ id }) => ({ path: `/v1/conversations/${id}/items/msg_third`, includes: "third" })
    },
    {
      name: "delete an item",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/conversations/${id}/items/msg_third` }),
      seen: ({ id }) => ({ path: `/v1/conversations/${id}/items/msg_third`, status: 404 })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/conversations/${id}` }),
      seen: ({ id }) => ({ path: `/v1/conversations/${id}`, status: 404 })
    }
  ],
  reads: ({ id, item }) => [
    `/v1/conversations/${id}`,
    `/v1/conversations/${id}/items?order=asc`,
    ...item === undefined ? [] : [`/v1/conversations/${id}/items/${item}`]
  ],
  lists: []
}

const prompts: DocumentCase = {
  name: "prompts",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1/prompts", body: { prompt: "first {{x}}" } }),
      learn: ({ prompt_id: id }: { readonly prompt_id: string }) => ({ id }),
      seen: ({ id }) => ({ path: `/v1/prompts/${id}`, includes: "first" })
    },
    {
      name: "update",
      ask: ({ id }) => ({ method: "PUT", path: `/v1/prompts/${id}`, body: { prompt: "second", version: 1 } }),
      seen: ({ id }) => ({ path: `/v1/prompts/${id}`, includes: "second" })
    },
    {
      name: "set the default version",
      ask: ({ id }) => ({ method: "PUT", path: `/v1/prompts/${id}/set-default-version`, body: { version: 1 } }),
      seen: ({ id }) => ({ path: `/v1/prompts/${id}`, includes: "first" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/prompts/${id}` }),
      seen: ({ id }) => ({ path: `/v1/prompts/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [`/v1/prompts/${id}`, `/v1/prompts/${id}?version=1`, `/v1/prompts/${id}/versions`],
  lists: ["/v1/prompts"]
}

const stored = "chatcmpl-kept"

const chatCompletions: DocumentCase = {
  name: "chat completions",
  changes: [
    {
      name: "store",
      ask: () => ({
        method: "POST",
        path: "/v1/chat/completions",
        body: { model: "upstream/m", store: true, messages: [{ role: "user", content: "Hello?" }] }
      }),
      learn: learnId,
      seen: () => ({ path: `/v1/chat/completions/${stored}`, includes: "Hello?" })
    },
    {
      name: "update",
      ask: () => ({ method: "POST", path: `/v1/chat/completions/${stored}`, body: { metadata } }),
      seen: () => ({ path: `/v1/chat/completions/${stored}`, includes: "changed" })
    },
    {
      name: "delete",
      ask: () => ({ method: "DELETE", path: `/v1/chat/completions/${stored}` }),
      seen: () => ({ path: `/v1/chat/completions/${stored}`, status: 404 })
    }
  ],
  reads: () => [`/v1/chat/completions/${stored}`, `/v1/chat/completions/${stored}/messages`],
  lists: ["/v1/chat/completions", "/v1/chat/completions?model=m-2026"]
}

const form = (name: string, more: Readonly<Record<string, string>> = {}) => {
  const data = new FormData()
  data.append("files[]", new File([`---\nname: ${name}\ndescription: d\n---\ndo`], `${name}/SKILL.md`))
  for (const [key, value] of Object.entries(more)) data.append(key, value)
  return data
}

const skills: DocumentCase = {
  name: "skills",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1/skills", body: form("first") }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/skills/${id}`, includes: "first" })
    },
    {
      name: "create a version",
      ask: ({ id }) => ({
        method: "POST",
        path: `/v1/skills/${id}/versions`,
        body: form("second", { default: "true" })
      }),
      seen: ({ id }) => ({ path: `/v1/skills/${id}`, includes: "second" })
    },
    {
      name: "set the default version",
      ask: ({ id }) => ({ method: "POST", path: `/v1/skills/${id}`, body: { default_version: "1" } }),
      seen: ({ id }) => ({ path: `/v1/skills/${id}`, includes: "first" })
    },
    {
      name: "delete a version",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/skills/${id}/versions/2` }),
      seen: ({ id }) => ({ path: `/v1/skills/${id}/versions/2`, status: 404 })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/skills/${id}` }),
      seen: ({ id }) => ({ path: `/v1/skills/${id}`, status: 404 })
    }
  ],
  reads: ({ id }) => [
    `/v1/skills/${id}`,
    `/v1/skills/${id}/content`,
    `/v1/skills/${id}/versions`,
    `/v1/skills/${id}/versions/1`,
    `/v1/skills/${id}/versions/1/content`
  ],
  lists: ["/v1/skills"]
}

export const documentCases: ReadonlyArray<DocumentCase> = [conversations, prompts, chatCompletions, skills]
