/** A batch of 200 lines a round, whose servers are killed while they ask them; at last its output is looked at. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { SeededRandom } from "../SeededRandom.ts"
import { problems } from "./BatchCheck.ts"
import { startWholeServer, type WholeServer } from "./ResponseServers.ts"
import type { WorkOptions, WorkResult } from "./WorkRounds.ts"
import { startVendor } from "./WorkVendor.ts"

const linesARound = 200
const killsARound = 3
const concurrency = 4

/** Longest wait for the next call, or for the end of a batch, milliseconds. */
const longestWait = 120_000

const jsonOf = async (response: Response): Promise<Record<string, unknown>> => {
  if (response.ok) return await response.json() as Record<string, unknown>
  throw new Error(`${response.url}: ${response.status} ${await response.text()}`)
}

const submit = async (url: string, names: ReadonlyArray<string>): Promise<string> => {
  const lines = names.map((custom_id) =>
    JSON.stringify({
      custom_id,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "vendor/m", messages: [{ role: "user", content: `piece ${custom_id}.` }] }
    })
  )
  const form = new FormData()
  form.append("purpose", "batch")
  form.append("file", new File([lines.join("\n")], "lines.jsonl"))
  const file = await jsonOf(await fetch(`${url}/v1/files`, { method: "POST", body: form }))
  const body = { input_file_id: file["id"], endpoint: "/v1/chat/completions", completion_window: "24h" }
  const headers = { "content-type": "application/json" }
  const batch = await jsonOf(await fetch(`${url}/v1/batches`, { method: "POST", headers, body: JSON.stringify(body) }))
  return String(batch["id"])
}

const waitUntil = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const startedAt = performance.now()
  while (!await holds()) {
    if (performance.now() - startedAt > longestWait) throw new Error(`${what} does not come`)
    await sleep(10)
  }
}

const outputOf = async (url: string, id: string): Promise<ReadonlyArray<string>> => {
  let batch: Record<string, unknown> = {}
  await waitUntil(`the end of ${id}`, async () => {
    batch = await jsonOf(await fetch(`${url}/v1/batches/${id}`))
    if (batch["status"] === "failed") throw new Error(JSON.stringify(batch))
    return batch["status"] === "completed"
  })
  const answer = await fetch(`${url}/v1/files/${String(batch["output_file_id"])}/content`)
  return (await answer.text()).trim().split("\n").map((line) => String(JSON.parse(line).custom_id))
}

export const batchRounds = async ({ place, progress, rounds, seed, servers }: WorkOptions): Promise<WorkResult> => {
  const random = new SeededRandom(seed)
  const vendor = await startVendor(random)
  const folder = fs.mkdtempSync(path.join(tmpdir(), "strata-crash-files-"))
  const providers = {
    files: [{ provider_id: "files", provider_type: "inline::localfs", config: { storage_dir: folder } }]
  }
  const running: Array<WholeServer> = []
  const task = { place, vendor: vendor.url, concurrency }
  const fill = async () => {
    while (running.length < servers) running.push(await startWholeServer(task, { providers }))
  }
  const any = () => running[random.between(0, running.length - 1)]!.url
  const startedAt = performance.now()
  let kills = 0
  let calls = 0
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await fill()
      const names = Array.from({ length: linesARound }, (_, line) => `r${round}-${line}`)
      const id = await submit(any(), names)
      const asked = () => names.reduce((sum, name) => sum + (vendor.calls.get(name) ?? 0), 0)
      for (let kill = 1; kill <= killsARound; kill += 1) {
        const until = random.between(1, Math.floor(linesARound * kill / (killsARound + 1)))
        await waitUntil("the next call", () => asked() >= until)
        // With two of them one may be killed that does not do it, or has just taken it over: half of the time both are.
        const victims = running.splice(random.between(0, running.length - 1), random.between(1, 2))
        if (victims.some(({ isAlive }) => !isAlive())) throw new Error("a server ended by itself")
        await Promise.all(victims.map(({ kill }) => kill()))
        kills += victims.length
        await fill()
      }
      const output = await outputOf(any(), id)
      const wrong = problems({ names, output, calls: vendor.calls, kills: killsARound, concurrency })
      if (wrong.length > 0) throw new Error(wrong.join("\n"))
      calls += asked()
      progress(`round ${round}: ${output.length} lines, ${asked()} calls, ${kills} kills so far`)
    }
    const seconds = (performance.now() - startedAt) / 1000
    return { rounds, kills, pieces: rounds * linesARound, attempts: rounds * (killsARound + 1), calls, seconds }
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    await Promise.all(running.map((server) => server.kill()))
    await vendor.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
