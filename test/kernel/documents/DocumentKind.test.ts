/** Every kind of documents that clients keep runs the contract of all of them. */
import { documentContract } from "../../support/documentContract.ts"

const metadata = { topic: "changed" }
const learnId = ({ id }: { readonly id: string }) => ({ id })

documentContract({
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
})

documentContract({
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
})

const stored = "chatcmpl-kept"

documentContract({
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
})

const form = (name: string, more: Readonly<Record<string, string>> = {}) => {
  const data = new FormData()
  data.append("files[]", new File([`---\nname: ${name}\ndescription: d\n---\ndo`], `${name}/SKILL.md`))
  for (const [key, value] of Object.entries(more)) data.append(key, value)
  return data
}

documentContract({
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
})

documentContract({
  name: "responses",
  changes: [
    {
      name: "create",
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "first", temperature: 1 }
      }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1/responses/${id}/input_items`, includes: "first" })
    },
    {
      name: "go on",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "second", previous_response_id: id! }
      }),
      learn: ({ id: next }: { readonly id: string }) => ({ next }),
      seen: ({ next }) => ({ path: `/v1/responses/${next}/input_items`, includes: "first" })
    },
    {
      name: "create in the background",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "third", background: true }
      }),
      learn: ({ id: later }: { readonly id: string }) => ({ later }),
      seen: ({ later }) => ({ path: `/v1/responses/${later}/input_items`, includes: "third" }),
      settled: ({ later }) => ({ path: `/v1/responses/${later}`, includes: "\"completed\"" })
    },
    {
      name: "create what is answered never",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1/responses",
        body: { model: "upstream/m", input: "never", background: true }
      }),
      learn: ({ id: never }: { readonly id: string }) => ({ never }),
      seen: ({ never }) => ({ path: `/v1/responses/${never}/input_items`, includes: "never" })
    },
    {
      name: "cancel",
      ask: ({ never }) => ({ method: "POST", path: `/v1/responses/${never}/cancel` }),
      seen: ({ never }) => ({ path: `/v1/responses/${never}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1/responses/${id}` }),
      seen: ({ id }) => ({ path: `/v1/responses/${id}`, status: 404 })
    }
  ],
  reads: ({ id, later, never, next }) =>
    [id, next, later, never].flatMap((each) =>
      each === undefined ? [] : [
        `/v1/responses/${each}`,
        `/v1/responses/${each}?stream=true`,
        `/v1/responses/${each}/input_items`
      ]
    ),
  lists: ["/v1/responses"]
})

documentContract({
  name: "interactions",
  changes: [
    {
      name: "create",
      ask: () => ({ method: "POST", path: "/v1beta/interactions", body: { model: "upstream/m", input: "first" } }),
      learn: learnId,
      seen: ({ id }) => ({ path: `/v1beta/interactions/${id}?include_input=true`, includes: "first" })
    },
    {
      name: "go on",
      ask: ({ id }) => ({
        method: "POST",
        path: "/v1beta/interactions",
        body: { model: "upstream/m", input: "second", previous_interaction_id: id! }
      }),
      learn: ({ id: next }: { readonly id: string }) => ({ next }),
      seen: ({ next }) => ({ path: `/v1beta/interactions/${next}?include_input=true`, includes: "second" })
    },
    {
      name: "create in the background",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1beta/interactions",
        body: { model: "upstream/m", input: "third", background: true }
      }),
      learn: ({ id: later }: { readonly id: string }) => ({ later }),
      seen: ({ later }) => ({ path: `/v1beta/interactions/${later}?include_input=true`, includes: "third" }),
      settled: ({ later }) => ({ path: `/v1beta/interactions/${later}`, includes: "\"completed\"" })
    },
    {
      name: "create what is answered never",
      isOfAnyone: true,
      ask: () => ({
        method: "POST",
        path: "/v1beta/interactions",
        body: { model: "upstream/m", input: "never", background: true }
      }),
      learn: ({ id: never }: { readonly id: string }) => ({ never }),
      seen: ({ never }) => ({ path: `/v1beta/interactions/${never}?include_input=true`, includes: "never" })
    },
    {
      name: "cancel",
      ask: ({ never }) => ({ method: "POST", path: `/v1beta/interactions/${never}/cancel` }),
      seen: ({ never }) => ({ path: `/v1beta/interactions/${never}`, includes: "\"cancelled\"" })
    },
    {
      name: "delete",
      ask: ({ id }) => ({ method: "DELETE", path: `/v1beta/interactions/${id}` }),
      seen: ({ id }) => ({ path: `/v1beta/interactions/${id}`, status: 404 })
    }
  ],
  reads: ({ id, later, never, next }) =>
    [id, next, later, never].flatMap((each) =>
      each === undefined ? [] : [
        `/v1beta/interactions/${each}?include_input=true`,
        `/v1beta/interactions/${each}?stream=true`
      ]
    ),
  lists: []
})
