/** A program that speaks MCP over stdio as a script wants it: badly. Without dependencies, in a folder of its own. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"

const program = `
import { createInterface } from "node:readline"
import { spawn } from "node:child_process"
import { appendFileSync } from "node:fs"
const [mode, journal] = process.argv.slice(2)
const note = (text) => journal === undefined ? undefined : appendFileSync(journal, text + "\\n")
note("started " + process.pid)
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n")
const schema = { type: "object", properties: {} }
const names = ["crash", "never", "huge", "fine", "deep", "böse.näme/1", "env", "args"]
if (mode === "garbage") process.stdout.write("Listening on port 1\\n{not json}\\n[1,2]\\n")
if (mode === "mute") setInterval(() => {}, 1000)
if (mode === "stubborn") {
  process.on("SIGTERM", () => note("SIGTERM"))
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" })
  note("started " + child.pid)
  setInterval(() => {}, 1000)
}
if (mode === "noisy") for (let at = 0; at < 5000; at++) process.stderr.write("x".repeat(3000) + at + "\\n")
let listed = 0
createInterface({ input: process.stdin }).on("line", (line) => {
  if (mode === "mute") return
  const { id, method, params } = JSON.parse(line)
  if (method === "initialize") {
    if (mode === "dies") process.exit(3)
    return send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true } },
      serverInfo: { name: "hostile", version: "1" } } })
  }
  if (method === "notifications/initialized" && mode === "storm") {
    for (let at = 0; at < 10000; at++) send({ method: "notifications/tools/list_changed" })
  }
  if (method === "notifications/cancelled") note("cancelled " + JSON.stringify(params.requestId !== undefined))
  if (method === "ping") return send({ id, result: {} })
  if (method === "tools/list") {
    listed++
    note("listed")
    if (mode === "endless") return send({ id, result: { tools: [{ name: "t" + listed, inputSchema: schema }], nextCursor: "c" + listed } })
    const twice = mode === "twice" ? names : []
    return send({ id, result: { tools: [...names, ...twice].reverse().map((name) => ({ name, inputSchema: schema })) } })
  }
  if (method === "tools/call") {
    if (params.name === "crash") { process.stderr.write("goodbye\\n"); process.exit(1) }
    if (params.name === "never") return note("asked")
    if (params.name === "huge") return send({ id, result: { content: [{ type: "text", text: "x".repeat(100 * 1024 * 1024) }] } })
    if (params.name === "deep") return send({ id, result: { content: [{ type: "text", text: String(line.length) }] } })
    if (params.name === "env") return send({ id, result: { content: [{ type: "text", text: JSON.stringify(process.env) }] } })
    if (params.name === "args") return send({ id, result: { content: [{ type: "odd", text: 1 }, 7, null, { type: "image" }] } })
    return send({ id, result: { content: [{ type: "text", text: params.name }] } })
  }
})
`

const install = (folder: string): string => {
  const file = join(folder, "hostile.mjs")
  writeFileSync(file, program)
  return file
}

export const HostileMcpServer = { install }
