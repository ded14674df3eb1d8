#!/usr/bin/env node
// Makes the bundle that `strata` starts from: Strata's sources and Effect in a few files, 2,000 modules less to find and link.

import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { folder, marker, marking, sources } from "./bundled.js"
import { wrapper } from "./scripts.js"

/** What is bundled with Strata's own files. Other packages stay where npm has put them. */
const inside = /^(?:effect|@effect|undici|yaml|@smithy\/(?:core|eventstream-codec))(?:\/|$)/
const isExternal = (id) => !/^(?:[./]|strata:)/.test(id) && !inside.test(id)

/**
 * A script has no `import.meta`: it is given one. A file that asks where it stands hears where its source stands: workers,
 * samples and package.json are found from there.
 */
const places = {
  name: "places",
  transform: (code, id) => {
    if (!code.includes("import.meta")) return undefined
    const source = JSON.stringify(relative(folder, id).replaceAll(sep, "/"))
    const placed = id.startsWith(sources + sep)
      ? code.replaceAll("import.meta.url", `new URL(${source}, importMeta.url).href`)
      : code
    return placed.replaceAll("import.meta", "importMeta")
  }
}

const isOfBundle = ({ type, value }) => type === "Literal" && !isExternal(value)

/** A script imports nothing by itself: what is not of the bundle is imported for it. */
const imports = {
  name: "imports",
  transform(code, id) {
    if (!id.startsWith(sources + sep) || !code.includes("import(")) return undefined
    const starts = []
    const visit = (node) => {
      if (node === null || typeof node !== "object") return
      if (node.type === "ImportExpression" && !isOfBundle(node.source)) starts.unshift(node.start)
      for (const part of Object.values(node)) visit(part)
    }
    visit(this.parse(code, { lang: "ts" }))
    const imported = (text, start) => `${text.slice(0, start)}importModule${text.slice(start + "import".length)}`
    return starts.reduce(imported, code)
  }
}

/**
 * What is asked of undici: its index loads 60 files more, among them mocks, proxies, caches and WebSockets. `fetch` is
 * loaded where one is sent.
 */
const undici = {
  name: "undici",
  resolveId: (id) => id === "undici" ? "strata:undici" : undefined,
  load: (id) => {
    if (id !== "strata:undici") return undefined
    const { resolve } = createRequire(createRequire(import.meta.url).resolve("@effect/platform-node/NodeHttpClient"))
    const from = (file) => JSON.stringify(resolve(`undici/lib/${file}.js`))
    return `
      import Agent from ${from("dispatcher/agent")}
      import Client from ${from("dispatcher/client")}
      import Dispatcher from ${from("dispatcher/dispatcher")}
      import Pool from ${from("dispatcher/pool")}
      import api from ${from("api/index")}
      import { FormData } from ${from("web/fetch/formdata")}
      import { getGlobalDispatcher } from ${from("global")}
      Object.assign(Dispatcher.prototype, api)
      const fetch = (...args) => import(${from("web/fetch/index")}).then((module) => module.default.fetch(...args))
      export { Agent, Client, Dispatcher, FormData, Pool, fetch, getGlobalDispatcher }
      export default { Agent, Client, Dispatcher, FormData, Pool, fetch, getGlobalDispatcher }
    `
  }
}

/** What one codec needs, for events of Amazon's: by its index 40 files are loaded, and by one file of the bundle nothing is. */
const eventStreams = {
  name: "eventStreams",
  resolveId: (id) => {
    const part = id === "@smithy/eventstream-codec" ? "event-streams" : /^@smithy\/core\/([\w-]+)$/.exec(id)?.[1]
    if (part === undefined) return undefined
    const { resolve } = createRequire(createRequire(import.meta.url).resolve("@smithy/eventstream-codec"))
    const core = join(dirname(resolve("@smithy/core/package.json")), "dist-es", "submodules")
    return { id: join(core, part, "index.js"), moduleSideEffects: false }
  }
}

/** A file with one character beyond Latin takes two bytes for each of all its characters, for as long as it is loaded. */
const inAscii = (code) =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** One file is the command and a server with all APIs. What only some ask for has files of its own. */
const together = /\/src\/(?:main|cli\/Serve|apis\/[^/]+\/\w+Live)\.ts$/

/** The modules that are loaded with those whose file matches. */
const loadedWith = (pattern, files) => {
  const byName = new Map(files.map((file) => [file.fileName, file]))
  const modules = new Set()
  const visit = (name) => {
    const file = byName.get(name)
    if (!byName.delete(name)) return
    for (const id of file.moduleIds) modules.add(id)
    for (const each of file.imports) visit(each)
  }
  for (const { facadeModuleId, fileName } of files) if (pattern.test(facadeModuleId ?? "")) visit(fileName)
  return modules
}

const needed = 24

/** npm's scripts run on the Node that is installed beside Strata; a server may run on that which runs npm. */
const runtimes = () => {
  const isNewEnough = (runtime) => {
    const { stdout } = spawnSync(runtime, ["--version"], { encoding: "utf8" })
    return Number(/^v(\d+)/.exec(stdout)?.[1]) >= needed
  }
  return [...new Set([process.execPath, process.env.npm_node_execpath ?? process.execPath])].filter(isNewEnough)
}

/** Without it a start takes longer, and nothing else is different: where no server can be asked here, it is left out. */
const keepCompiled = (main) => {
  const program = fileURLToPath(new URL("firstAnswer.js", import.meta.url))
  for (const runtime of runtimes()) {
    const { status, stderr } = spawnSync(runtime, [program, main], { encoding: "utf8", timeout: 60_000 })
    if (status !== 0) console.error(`The bundle is made, but what a first answer compiles is not kept:\n${stderr}`)
  }
}

const write = async () => {
  const { rolldown } = await import("rolldown")
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished)
  try {
    const madeOf = marking("")
    const bundle = await rolldown({
      input: join(sources, "main.ts"),
      platform: "node",
      checks: { ineffectiveDynamicImport: false },
      external: isExternal,
      plugins: [places, imports, undici, eventStreams]
    })
    const format = { format: "cjs", entryFileNames: "[name]-[hash].js" }
    const { output } = await bundle.generate(format)
    const modules = loadedWith(together, output.filter(({ type }) => type === "chunk"))
    const groups = [{ name: "main", test: (id) => modules.has(id) }]
    const made = await bundle.generate({ ...format, comments: false, codeSplitting: { groups } })
    for (const { code, fileName } of made.output) {
      writeFileSync(join(unfinished, fileName), inAscii(`${wrapper.start}${code}${wrapper.end}`))
    }
    const main = made.output.find(({ isEntry }) => isEntry).fileName
    writeFileSync(join(unfinished, marker), `${main}${madeOf}`)
    keepCompiled(join(unfinished, main))
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

if (existsSync(sources)) await write()
