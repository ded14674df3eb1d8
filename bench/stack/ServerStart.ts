/** How long `strata serve` takes until it answers, with so many providers configured. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { ChildProcess, freePort } from "../ChildProcess.ts"

const strataScript = fileURLToPath(import.meta.resolve("../../bin/strata.js"))

const configuration = (count: number): string => {
  const entries = Array.from({ length: count }, (_, index) =>
    [
      `    - provider_id: vendor-${index}`,
      `      provider_type: "remote::openai"`,
      `      config: { base_url: "http://127.0.0.1:9/v1", models: ["model"] }`
    ].join("\n"))
  return `providers:\n  inference:\n${entries.join("\n")}\n`
}

/** Milliseconds from the start of the process to its first answer that lists all models; its log is new. */
export const measureServerStart = async (count: number, folder: string): Promise<number> => {
  const file = path.join(folder, "strata.yaml")
  fs.writeFileSync(file, configuration(count))
  const port = await freePort()
  const server = new ChildProcess({
    name: `strata-${count}`,
    script: strataScript,
    arguments: [
      "serve",
      "--port",
      String(port),
      "--host",
      "127.0.0.1",
      "--data",
      path.join(folder, "data"),
      "--config",
      file
    ],
    core: 1,
    folder,
    channel: false
  })
  const milliseconds = await server.ready(`http://127.0.0.1:${port}/v1/health`)
  const answer = await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { connection: "close" } })
  const { data } = await answer.json() as { readonly data: ReadonlyArray<unknown> }
  await server.stop()
  if (data.length !== count) throw new Error(`${count} providers serve ${data.length} models instead of one each`)
  return milliseconds
}
