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

const ownFolder = new URL(".", main).href
const effectFolder = /\/node_modules\/(?:effect|@effect\/[\w-]+)\/dist\//
const formats = { ".ts": "module-typescript", ".js": "module" }

/**
 * Strata's files and Effect's name each other by whole file names. Node would look for the package of each, and for links
 * on the way: a seventh of the time to start.
 */
const resolve = (specifier, context, next) => {
  const { parentURL } = context
  const format = specifier.startsWith(".") ? formats[specifier.slice(-3)] : undefined
  return format !== undefined && parentURL !== undefined &&
      (parentURL.startsWith(ownFolder) || effectFolder.test(parentURL))
    ? { url: new URL(specifier, parentURL).href, format, shortCircuit: true }
    : next(specifier, context)
}

const refuse = () => {
  console.error(`Strata needs Node ${needed} or newer; this is ${process.version}. Install it, or run npm ci here.`)
  process.exit(1)
}

/**
 * A server holds some 50 MB that live. Left alone, V8 takes 128 MB for what is new and collects the rest at 290 MB, and
 * malloc keeps a heap for each of V8's threads. docs/performance.md has what each of these is worth.
 */
const memoryFlags = ["--max-semi-space-size=32", "--heap-growing-percent=50", "--expose-gc"]
const arenas = "MALLOC_ARENA_MAX"

const serves = process.argv.includes("serve")
const flags = serves && !/--max-semi-space-size/.test(`${process.execArgv} ${process.env.NODE_OPTIONS}`)
  ? memoryFlags
  : []
const command = [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
const environment = { [arenas]: "1", ...process.env }

/** They count only from the very start: the process begins anew, as itself. */
const beginAnew = () =>
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...command], environment)

const canBeginAnew = flags.length > 0 && process.platform !== "win32" && process.execve !== undefined &&
  process.channel === undefined

const handOver = (runtime) => {
  const child = spawn(runtime, command, { stdio: "inherit", env: environment })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", refuse)
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}

if (Number(process.versions.node.split(".")[0]) >= needed) {
  if (canBeginAnew) beginAnew()
  module.enableCompileCache()
  module.registerHooks({ resolve })
  await import(main.href)
} else {
  const runtime = pinnedRuntime()
  if (runtime !== undefined && existsSync(runtime)) handOver(runtime)
  else refuse()
}
