/**
 * Before each test file: what the clients of others ask a Strata for in it is observed on the wire, and held against
 * `test/apis/clients.json` in the end. `npm run samples -- <the file>` writes what has changed.
 */
import { afterAll, assert, beforeAll, inject } from "@effect/vitest"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { relative } from "node:path"
import type { Clients } from "./ClientTable.ts"
import { listening } from "./Listening.ts"

/** How each client names itself to the server. */
const agents: ReadonlyArray<readonly [client: string, agent: RegExp]> = [
  ["@openai/agents", /^Agents\/JavaScript/i],
  ["@langchain/openai", /langchain/i],
  ["@ai-sdk/open-responses", /ai-sdk\/open-responses\//i],
  // It says no more than that it is of the AI SDK.
  ["@ai-sdk/openai", /^ai\/\S+ ai-sdk-provider-utils\//],
  ["@google/genai", /google-genai-sdk/i],
  ["openai", /^OpenAI\/JS/],
  ["@anthropic-ai/sdk", /^Anthropic\/JS/],
  ["llama-stack-client", /^LlamaStackClient\/JS/]
]

export interface ClientCall {
  readonly client: string
  readonly method: string
  readonly path: string
}

interface Observed {
  readonly agent: string
  readonly host: string
  readonly method: string
  readonly path: string
  readonly status: number
}

/** What is asked by `fetch`. */
interface FetchAnswer {
  readonly request: {
    readonly origin: string
    readonly method: string
    readonly path: string
    readonly headers: ReadonlyArray<string> | string
  }
  readonly response: { readonly statusCode: number }
}

/** What is asked by `node:http`, as `node-fetch` does. */
interface HttpAnswer {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly host: string
    readonly getHeader: (name: string) => unknown
  }
  readonly response: { readonly statusCode: number }
}

const agentOf = (headers: ReadonlyArray<string> | string): string => {
  const fields = typeof headers === "string" ? headers.split(/: |\r\n/) : headers
  const at = fields.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "user-agent")
  return fields[at + 1] ?? ""
}

const servers = new Set<string>()
const observed: Array<Observed> = []

const subscriptions: ReadonlyArray<readonly [channel: string, listener: (message: unknown) => void]> = [
  [listening, (url) => servers.add(new URL(String(url)).host)],
  ["undici:request:headers", (message) => {
    const { request: { headers, method, origin, path }, response } = message as FetchAnswer
    observed.push({ agent: agentOf(headers), host: new URL(origin).host, method, path, status: response.statusCode })
  }],
  ["http.client.response.finish", (message) => {
    const { request, response } = message as HttpAnswer
    const { method, path } = request
    const agent = String(request.getHeader("user-agent") ?? "")
    observed.push({ agent, host: String(request.getHeader("host")), method, path, status: response.statusCode })
  }]
]

const callOf = ({ agent, host, method, path, status }: Observed): ReadonlyArray<ClientCall> => {
  const client = agents.find(([, pattern]) => pattern.test(agent))?.[0]
  const isAnswered = status >= 200 && status < 300
  return client === undefined || !isAnswered || !servers.has(host) ? [] : [{ client, method, path }]
}

beforeAll(() => {
  for (const [channel, listener] of subscriptions) subscribe(channel, listener)
})

interface Task {
  readonly type: string
  readonly tasks?: ReadonlyArray<Task>
  readonly result?: { readonly state: string }
}

/** These run where there is a model or a recording: what they ask for counts nowhere. */
const onSomeMachines: ReadonlySet<string> = new Set([
  "test/providers/inline/llama-cpp/LlamaCpp.test.ts",
  "test/providers/inline/llama-cpp/LlamaCpp.embeddings.test.ts",
  "test/providers/remote/openai/OpenAi.recordings.test.ts",
  "test/server/Recordings.test.ts",
  "test/server/ReplayTraffic.test.ts"
])

/** A test that was left out or failed may have asked for more. */
const ranWhole = (task: Task): boolean =>
  task.type === "test" ? task.result?.state === "pass" : (task.tasks ?? []).every(ranWhole)

/**
 * What the table says and a file does not ask for. What it asks for besides is no fault: a slow machine asks once more how
 * far something is, and what no table has yet, `test/apis/Clients.test.ts` misses.
 */
const missingIn = (called: Clients, listed: Clients = {}): ReadonlyArray<string> =>
  Object.entries(listed).flatMap(([client, operations]) =>
    operations.filter((operation) => called[client]?.includes(operation) !== true)
      .map((operation) => `${client}: ${operation}`)
  )

// oxlint-disable-next-line no-empty-pattern -- the runner reads here which fixtures it takes
afterAll(({}, suite) => {
  for (const [channel, listener] of subscriptions) unsubscribe(channel, listener)
  const calls = observed.splice(0).flatMap(callOf)
  servers.clear()
  return import("./ClientTable.ts").then(({ listed, operationsIn }) => {
    const file = relative(process.cwd(), suite.file.filepath)
    const called = operationsIn(calls)
    const before = listed()[file]
    if (!ranWhole(suite.file) || onSomeMachines.has(file)) return
    if (inject("storeEventSamples")) Object.assign(suite.file.meta, { clients: called })
    else assert.deepStrictEqual(missingIn(called, before), [], `\`npm run samples -- ${file}\` writes what it asks for`)
  })
})
