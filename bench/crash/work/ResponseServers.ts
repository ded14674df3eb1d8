/** Whole Strata servers whose work are background responses: started as a person would, asked over HTTP, killed. */
// @effect-diagnostics *:off
import { spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { atExit } from "../../Cleanup.ts"
import type { Place } from "../Stores.ts"
import type { ServerTask } from "./WorkServer.ts"
import type { WorkServer } from "./WorkServers.ts"

const command = fileURLToPath(import.meta.resolve("../../../bin/strata.js"))

/** Longest start, milliseconds. */
const longestStart = 60_000

const storage = (place: Place) =>
  place.log === "sqlite" ? { type: "sqlite" } : { type: "postgres", url: place.url, schema: place.schema }

const configurationOf = (
  { concurrency, place, vendor }: ServerTask,
  data: string,
  more: { readonly providers?: object }
) => ({
  version: 1,
  data,
  storage: storage(place),
  server: { port: 0 },
  work: { max_concurrency: concurrency, max_concurrent_requests_per_batch: concurrency },
  providers: {
    inference: [{
      provider_id: "vendor",
      provider_type: "remote::openai",
      config: { base_url: `${vendor}/v1`, api_key: "crash-test", models: ["m"] }
    }],
    ...more.providers
  }
})

export interface WholeServer extends Pick<WorkServer, "isAlive" | "kill"> {
  readonly url: string
}

/** `more`: of its configuration. */
export const startWholeServer = async (
  task: ServerTask,
  more: { readonly providers?: object } = {}
): Promise<WholeServer> => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "strata-crash-server-"))
  const data = task.place.log === "sqlite" ? task.place.folder : path.join(folder, "data")
  const file = path.join(folder, "strata.yaml")
  // What is JSON is YAML.
  fs.writeFileSync(file, JSON.stringify(configurationOf(task, data, more)))
  const child = spawn(process.execPath, [command, "serve", "--config", file], { stdio: ["ignore", "pipe", "pipe"] })
  const killNow = atExit(() => child.kill("SIGKILL"))
  let alive = true
  let complaints = ""
  const gone = once(child, "close").then(() => {
    alive = false
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`a server did not start: ${complaints}`)), longestStart)
    const take = (text: string): void => {
      complaints += text
      const [, address] = /API +(http:\S+?)\/v1/.exec(complaints) ?? []
      if (address === undefined) return
      clearTimeout(late)
      resolve(address)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take)
    void gone.then(() => reject(new Error(`a server ended by itself: ${complaints}`)))
  })
  return {
    url,
    isAlive: () => alive,
    kill: () => {
      killNow()
      return gone
    }
  }
}

/** `acknowledged` is called for each response that the server has answered with. */
export const startResponseServer = async (
  task: ServerTask,
  acknowledged: (workId: string) => void
): Promise<WorkServer> => {
  const { isAlive, kill, url } = await startWholeServer(task)
  return {
    isAlive,
    kill,
    submit: (workId) => {
      const body = JSON.stringify({ model: "vendor/m", input: `piece ${workId}`, background: true })
      const headers = { "content-type": "application/json" }
      fetch(`${url}/v1/responses`, { method: "POST", headers, body }).then(
        (response) => {
          if (response.status === 200) acknowledged(workId)
        },
        // It was killed before it answered: what it was asked may be in the log, or not.
        () => undefined
      )
    }
  }
}
