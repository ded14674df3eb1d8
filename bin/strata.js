#!/usr/bin/env node
// Starts Strata; started by an older Node, it hands over to the runtime that is installed beside it.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import * as module from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const needed = 24
const root = new URL("..", import.meta.url)
const sources = new URL("src/main.ts", root)
const main = existsSync(sources) && !sources.pathname.includes("/node_modules/")
  ? sources
  : new URL("dist/main.js", root)

const pinnedRuntime = () => {
  const require = module.createRequire(import.meta.url)
  const platform = process.platform === "win32" ? "win" : process.platform
  const name = `node-${platform}-${process.arch}`
  try {
    const folder = dirname(require.resolve(`${name}/package.json`))
    return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node")
  } catch {
    return undefined
  }
}

const refuse = () => {
  console.error(`Strata needs Node ${needed} or newer; this is ${process.version}. Install it, or run npm ci here.`)
  process.exit(1)
}

const handOver = (runtime) => {
  const child = spawn(runtime, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", refuse)
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}

if (Number(process.versions.node.split(".")[0]) >= needed) {
  module.enableCompileCache()
  await import(main.href)
} else {
  const runtime = pinnedRuntime()
  if (runtime !== undefined && existsSync(runtime)) handOver(runtime)
  else refuse()
}
