/** docs/apis.md and the list of APIs agree; `npm run samples` with this test writes the tables anew. */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { inject } from "vitest"
import { apis } from "../../src/apis/Apis.ts"
import type { Operation } from "../../src/kernel/http/Operations.ts"
import { openApiPath } from "../../src/kernel/http/Operations.ts"
import { clientsIn, filesByOperation, nameOf, served } from "../support/ClientTable.ts"

const file = new URL("../../docs/apis.md", import.meta.url)
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))

/** Tests of an API that do not stand in its folder. */
const elsewhere: Readonly<Record<string, string>> = {
  inference: "test/server/OpenAiSdk*.test.ts",
  inspect: "test/kernel/http/*.test.ts",
  usage: "test/cli/UsageCommand.test.ts"
}

const folderOf = (name: string): string => `test/apis/${name.replaceAll("_", "-")}/**/*.ts`

const filesOf = (name: string): ReadonlyArray<string> =>
  [folderOf(name), elsewhere[name]].flatMap((pattern) => pattern === undefined ? [] : globSync(pattern))

/** The clients that others write, each with the operations that a test has asked for with it. */
const clients = new Map(clientsIn().map((client) => [client, filesByOperation(client)]))

const versionOf = (client: string): string => manifest.devDependencies[client] ?? manifest.dependencies[client]

/** Clients of MCP do not say who they are: the tests that use them do. */
const ofMcp = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/conformance"]

const mcpClients = (): ReadonlyArray<string> => {
  const texts = filesOf("mcp").map((path) => readFileSync(path, "utf8"))
  return ofMcp.filter((client) => texts.some((text) => text.includes(`"${client}/`) || text.includes(`"${client}"`)))
}

const testedWith = (operation: Operation): string => {
  const names = operation.group === "mcp"
    ? mcpClients()
    : [...clients].filter(([, operations]) => operations.has(nameOf(operation))).map(([client]) => client)
  return names.length === 0 ? "requests over HTTP alone" : names.map((name) => `\`${name}\``).join(", ")
}

const tableOf = (name: string): string => {
  const own = served.filter(({ group }) => group === name)
  const rows = own.map((operation) =>
    `| ${operation.method} | \`${openApiPath(operation.path)}\` | ${operation.summary} | ${testedWith(operation)} |`
  )
  return [`### ${name}`, "", "| | path | | tested with |", "| --- | --- | --- | --- |", ...rows].join("\n")
}

const versions = [...clients.keys()].map((client) => `\`${client}\` ${versionOf(client)}`).join(", ")
const head = [
  `## Operations\n\n${apis.operations.length} operations, and the same by other paths where OGX has them.`,
  "What each is tested with, the test runs themselves have observed: `test/apis/clients.json` says in which files, and fails " +
  `them where it is no longer so. The clients: ${versions}.`
].join(" ")
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
