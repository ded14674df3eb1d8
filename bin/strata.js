#!/usr/bin/env node
// Starts Strata; started by an older Node, it hands over to the runtime that is installed beside it.

const needed = 24

/**
 * V8 would take 134 MB for what is new, and malloc a heap for each of V8's threads: docs/performance.md.
 */
const youngGeneration = "--max-semi-space-size"
const isBounded = `${process.execArgv} ${process.env.NODE_OPTIONS}`.includes(youngGeneration)
const isServer = process.argv.includes("serve")
const flags = isServer && !isBounded ? [`${youngGeneration}=32`] : []
const command = [...flags, ...process.argv.slice(1)]
const environment = { MALLOC_ARENA_MAX: "1", ...process.env }

const canBeginAnew = () => {
  const { channel, permission, platform } = process
  return platform !== "win32" && channel === undefined && permission === undefined
}

/** Bounds count only from the very start: the process begins anew, as itself. Nothing is loaded before. */
const beginAnew = () => {
  if (flags.length === 0 || !canBeginAnew()) return
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...command], environment)
}

const root = new URL("..", import.meta.url)

/** The sources, or what is built of them where this is installed as a package. */
const mainFile = async () => {
  const { existsSync } = await import("node:fs")
  const sources = new URL("src/main.ts", root)
  return existsSync(sources) && !sources.pathname.includes("/node_modules/") ? sources : new URL("dist/main.js", root)
}

/**
 * Strata's files and Effect's name each other by whole file names, and what they take of a package is one and the same for
 * all of Strata's files. Node would look for the package of each name again, and for links on the way.
 */
const resolutionIn = (folder) => {
  const effect = /\/node_modules\/(?:effect|@effect\/[\w-]+)\/dist\//
  const formats = { ".ts": "module-typescript", ".js": "module" }
  const packages = new Map()
  const ofPackage = (specifier, context, next) => {
    if (!context.conditions.includes("import")) return next(specifier, context)
    const resolved = packages.get(specifier) ?? { ...next(specifier, context), shortCircuit: true }
    packages.set(specifier, resolved)
    return resolved
  }
  return (specifier, context, next) => {
    const { parentURL } = context
    const isOurs = parentURL?.startsWith(folder) === true
    if (!isOurs && !effect.test(parentURL)) return next(specifier, context)
    if (!specifier.startsWith(".")) return isOurs ? ofPackage(specifier, context, next) : next(specifier, context)
    const format = formats[specifier.slice(-3)]
    return format === undefined
      ? next(specifier, context)
      : { url: new URL(specifier, parentURL).href, format, shortCircuit: true }
  }
}

/**
 * The bundle that `npm ci` makes, where it is of these sources: for all but what loads modules from outside, which share
 * Strata's files one by one. Then the process begins anew, so that it has to be able to.
 */
const bundle = async () => {
  if (!canBeginAnew() || process.env.STRATA_BUNDLE === "0") return undefined
  const bundled = await import("./bundled.js")
  return bundled.mainFile()
}

const start = async () => {
  const pretenuring = await import("./pretenuring.js")
  pretenuring.leaveOut()
  const module = await import("node:module")
  const bundled = await bundle()
  module.enableCompileCache()
  if (bundled !== undefined) {
    process.env.STRATA_BUNDLE = "1"
    const { loader, loadServer } = await import("./scripts.js")
    return isServer ? loadServer(bundled) : loader()(bundled)
  }
  const main = await mainFile()
  module.registerHooks({ resolve: resolutionIn(new URL(".", main).href) })
  return import(main.href)
}

const refuse = () => {
  console.error(`Strata needs Node ${needed} or newer; this is ${process.version}. Install it, or run npm ci here.`)
  process.exit(1)
}

const pinnedRuntime = async () => {
  const { createRequire } = await import("node:module")
  const { existsSync } = await import("node:fs")
  const { dirname, join } = await import("node:path")
  const windows = process.platform === "win32"
  const name = `node-${windows ? "win" : process.platform}-${process.arch}`
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    const runtime = join(folder, "bin", windows ? "node.exe" : "node")
    return existsSync(runtime) ? runtime : undefined
  } catch {
    return undefined
  }
}

const handOver = async () => {
  const runtime = await pinnedRuntime()
  if (runtime === undefined) return refuse()
  const { spawn } = await import("node:child_process")
  const child = spawn(runtime, command, { stdio: "inherit", env: environment })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", refuse)
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}

if (Number(process.versions.node.split(".")[0]) < needed) await handOver()
else {
  beginAnew()
  await start()
}
