#!/usr/bin/env node
// Makes the bundle that `strata` starts from: Strata's sources and Effect in a few files, 2,000 modules less to find and link.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, relative, sep } from "node:path"
import { folder, marker, sources, state } from "./bundled.js"

/** What is bundled with Strata's own files. Other packages stay where npm has put them. */
const inside = /^(?:effect|@effect|undici|yaml)(?:\/|$)/
const isExternal = (id) => !/^(?:[./]|strata:)/.test(id) && !inside.test(id)

/** A file that asks where it stands hears where its source stands: workers, samples and package.json are found from there. */
const places = {
  name: "places",
  transform: (code, id) => {
    if (!id.startsWith(sources + sep) || !code.includes("import.meta.url")) return undefined
    const source = JSON.stringify(relative(folder, id).replaceAll(sep, "/"))
    return code.replaceAll("import.meta.url", `new URL(${source}, import.meta.url).href`)
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

/** A file with one character beyond Latin takes two bytes for each of all its characters, for as long as it is loaded. */
const inAscii = (code) =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** What one file of the bundle is made of: the command, and a server with all APIs. What only some ask for has files of its own. */
const together = {
  command: /\/src\/main\.ts$/,
  server: /\/src\/(?:cli\/Serve|apis\/[^/]+\/\w+Live)\.ts$/
}

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

const write = async () => {
  const { rolldown } = await import("rolldown")
  const madeOf = state()
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished)
  try {
    const bundle = await rolldown({
      input: join(sources, "main.ts"),
      platform: "node",
      checks: { ineffectiveDynamicImport: false },
      external: isExternal,
      plugins: [places, undici]
    })
    const { output } = await bundle.generate({ format: "esm" })
    const groups = Object.entries(together).map(([name, pattern]) => {
      const modules = loadedWith(pattern, output.filter(({ type }) => type === "chunk"))
      return { name, test: (id) => modules.has(id) }
    })
    const made = await bundle.generate({ format: "esm", comments: false, codeSplitting: { groups } })
    for (const { code, fileName } of made.output) writeFileSync(join(unfinished, fileName), inAscii(code))
    writeFileSync(join(unfinished, marker), madeOf)
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

if (existsSync(sources)) await write()
