/** docs/apis.md and the list of APIs agree; `npm run samples` with this test writes the tables anew. */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { inject } from "vitest"
import { apis } from "../../src/apis/Apis.ts"
import { openApiPath } from "../../src/kernel/http/Operations.ts"
import { aliased, aliasesOf } from "../../src/kernel/http/PathAliases.ts"
import * as StrataApi from "../../src/kernel/http/StrataApi.ts"

const file = new URL("../../docs/apis.md", import.meta.url)
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))

const openai = [
  "inference",
  "models",
  "files",
  "conversations",
  "skills",
  "responses",
  "vector_stores",
  "batches",
  "moderations",
  "audio",
  "images"
]

/** The clients that others write, as tests import them, and the APIs of ours that each has something of. */
const clients: Readonly<Record<string, ReadonlyArray<string>>> = {
  openai,
  "@anthropic-ai/sdk": ["inference", "message_batches"],
  "@google/genai": ["interactions"],
  "llama-stack-client": [...openai, "prompts", "tool_runtime", "tool_groups", "vector_io", "providers", "inspect"],
  "@openai/agents": ["responses"],
  ai: ["responses"],
  "@ai-sdk/openai": ["responses"],
  "@ai-sdk/open-responses": ["responses"],
  "@langchain/openai": ["inference", "responses", "files", "vector_stores"],
  "@modelcontextprotocol/sdk": ["mcp"],
  "@modelcontextprotocol/conformance": ["mcp"]
}

/** Tests of an API that do not stand in its folder. */
const elsewhere: Readonly<Record<string, string>> = {
  inference: "test/server/OpenAiSdk*.test.ts",
  inspect: "test/kernel/http/*.test.ts",
  usage: "test/cli/UsageCommand.test.ts"
}

const folderOf = (name: string): string => `test/apis/${name.replaceAll("_", "-")}/**/*.ts`

const filesOf = (name: string): ReadonlyArray<string> =>
  [folderOf(name), elsewhere[name]].flatMap((pattern) => pattern === undefined ? [] : globSync(pattern))

/** A test may use a client by a file of test/support. */
const sourcesOf = (path: string): ReadonlyArray<string> => {
  const text = readFileSync(path, "utf8")
  const support = [...text.matchAll(/from "[./]*\/(support\/\w+\.ts)"/g)].map(([, name]) => `test/${name}`)
  return [text, ...support.map((each) => readFileSync(each, "utf8"))]
}

const clientsOf = (name: string): ReadonlyArray<string> => {
  const sources = filesOf(name).flatMap(sourcesOf)
  return Object.keys(clients)
    .filter((client) => clients[client]?.includes(name))
    .filter((client) => sources.some((text) => text.includes(`"${client}"`) || text.includes(`"${client}/`)))
    .map((client) => `\`${client}\` ${manifest.devDependencies[client] ?? manifest.dependencies[client]}`)
}

const aliases = aliasesOf(StrataApi.make(apis.own.map(({ routes }) => routes as never)))

const tableOf = (name: string): string => {
  const own = apis.operations.filter(({ group }) => group === name)
  const rows = [...own, ...aliased(own, aliases)].map(({ method, path, summary }) =>
    `| ${method} | \`${openApiPath(path)}\` | ${summary} |`
  )
  const used = clientsOf(name)
  const tested = used.length === 0 ? "requests over HTTP alone" : used.join(", ")
  return [`### ${name}`, "", `Tested with: ${tested}.`, "", "| | path | |", "| --- | --- | --- |", ...rows].join("\n")
}

const head = `## Operations\n\n${apis.operations.length} operations, and the same by other paths where OGX has them.`
const written = [head, ...apis.own.map(({ name }) => tableOf(name))].join("\n\n")

const inFile = /## Operations\n[^]*/

describe("docs/apis.md", () => {
  it("has every operation of every API, and the clients that its tests use", () => {
    const text = readFileSync(file, "utf8")
    if (inject("storeEventSamples")) writeFileSync(file, text.replace(inFile, () => `${written}\n`))
    else assert.strictEqual(inFile.exec(text)?.[0].trim(), written)
  })

  it("has tests for each API", () => {
    const untested = apis.own.filter(({ name }) => !filesOf(name).some((path) => path.endsWith(".test.ts")))
    assert.deepStrictEqual(untested.map(({ name }) => name), [])
  })
})
