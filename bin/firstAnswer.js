// Starts a server from a bundle, asks it as a client would, and keeps what V8 has compiled until then: `npm run bundle` runs it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as pretenuring from "./pretenuring.js"
import { keepCode, loader } from "./scripts.js"

const model = "model"
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
const answer = (object, choice) => ({
  id: "answer",
  object,
  created: 1,
  model,
  choices: [{ index: 0, ...choice }],
  usage
})
const message = { role: "assistant", content: "Hello." }

const json = (response, value) =>
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value))

const stream = (response) => {
  const chunk = (choice) => `data: ${JSON.stringify(answer("chat.completion.chunk", choice))}\n\n`
  const chunks = [{ delta: message, finish_reason: null }, { delta: {}, finish_reason: "stop" }].map(chunk)
  response.writeHead(200, { "content-type": "text/event-stream" }).end(`${chunks.join("")}data: [DONE]\n\n`)
}

const vendor = createServer(async (request, response) => {
  const body = (await request.toArray()).join("")
  if (request.method === "GET") return json(response, { object: "list", data: [{ id: model, object: "model" }] })
  if (JSON.parse(body).stream === true) return stream(response)
  return json(response, answer("chat.completion", { message, finish_reason: "stop" }))
})

const listening = (server) =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server.address().port))
  })

/** One that is free now. */
const freePort = async () => {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

const configurationFile = async (folder) => {
  const file = join(folder, "strata.yaml")
  const config = { base_url: `http://127.0.0.1:${await listening(vendor)}/v1`, api_key: "sk-first-answer" }
  const inference = [{ provider_id: "vendor", provider_type: "remote::openai", config }]
  writeFileSync(file, JSON.stringify({ version: 1, providers: { inference } }))
  return file
}

/** How often a server that is not there yet is asked, and how long one question may take. */
const [attempts, pause, patience] = [200, 50, 10_000]

const ask = async (address, init) => {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(patience) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${text}`)
}

const untilReady = async (address) => {
  for (let left = attempts; left > 0; left -= 1) {
    const failure = await ask(address).catch((error) => error)
    if (failure === undefined) return
    if (left === 1) throw failure
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

const answered = async (port) => {
  const url = `http://127.0.0.1:${port}/v1`
  await untilReady(`${url}/health`)
  const messages = [{ role: "user", content: "Say hello." }]
  for (const stream of [false, true]) {
    await ask(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-client" },
      body: JSON.stringify({ model: `vendor/${model}`, messages, stream })
    })
  }
}

const scripts = new Map()
const folder = mkdtempSync(join(tmpdir(), "strata-first-answer-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
const [main] = process.argv.splice(2)
const port = await freePort()
process.argv.push(
  "serve",
  "--port",
  `${port}`,
  "--data",
  join(folder, "data"),
  "--config",
  await configurationFile(folder)
)
pretenuring.leaveOut()
loader((file, script) => scripts.set(file, script))(main)
await answered(port)
for (const [file, script] of scripts) keepCode(file, script)
process.exit(0)
