// Makes the startup snapshot: a process with all of a server's modules loaded, which another begins as.

import { spawnSync } from "node:child_process"
import { globSync, rmSync, writeFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { blob, folder, maker, runtime, sources } from "./bundled.js"

/** A snapshot is made of one file, so that it has in it what is imported at once. */
const inside = /^(?:effect|@effect|undici|yaml|ws|jose|@smithy|@aws-crypto|tslib)(?:\/|$)/
const isOurs = (id) => /^(?:[./]|strata:)/.test(id) || inside.test(id)

/** Modules of Node's with handles of the system that no snapshot can hold: they are loaded by whoever first asks one for anything. */
const late = ["http", "https", "http2", "sqlite", "tls"]
const lateName = (id) => late.find((name) => id === name || id === `node:${name}`)

const lateModules = {
  name: "late-modules",
  resolveId: (id) => lateName(id) === undefined ? undefined : `strata:${lateName(id)}`,
  load: (id) => {
    const name = id.startsWith("strata:") ? lateName(id.slice("strata:".length)) : undefined
    if (name === undefined) return undefined
    const names = JSON.stringify(Object.keys(process.getBuiltinModule(`node:${name}`)))
    return `
      let loaded
      const load = () => loaded ??= process.getBuiltinModule("node:${name}")
      for (const name of ${names}) {
        Object.defineProperty(module.exports, name, {
          enumerable: true,
          get: () => load()[name],
          set: (value) => load()[name] = value
        })
      }
    `
  }
}

/** What would make or load at once what no snapshot can hold. */
const ofPackages = {
  name: "of-packages",
  load: (id) =>
    id.endsWith("/@effect/platform-node/dist/internal/http.js")
      ? `export { default as http } from "node:http"\nexport { default as https } from "node:https"`
      : undefined,
  transform: (code, id) =>
    id.endsWith("/effect/dist/cli/CliOutput.js")
      ? code.replace(/(const graphemeSegmenter) = ([^;]+);/, (_, declared, value) =>
        `let segmenter; ${declared} = { segment: (text) => (segmenter ??= ${value}).segment(text) };`)
      : undefined
}

/** Three megabytes that a reader of the documentation asks for: they stay in their file. */
const largeFiles = {
  name: "large-files",
  resolveId: (id, importer) =>
    id.endsWith("/httpApiScalar.js")
      ? { id: pathToFileURL(join(importer, "..", id)).href, external: true }
      : undefined
}

/** A file that asks where it stands hears where its source stands. */
const places = {
  name: "places",
  transform: (code, id) =>
    code.includes("import.meta")
      ? code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
        .replaceAll("import.meta.resolve", "strataOutside().resolve")
        .replaceAll("import.meta?.env", "undefined")
      : undefined
}

/**
 * A process that begins from a snapshot imports packages through a file: what is in the snapshot is of no place. What a
 * module asked of a clock or of chance would be the same in each process, so none may.
 */
const outsideFile = "outside.mjs"
const outsideCode = `
export const load = (specifier) => import(specifier)
export const resolve = (specifier) => import.meta.resolve(specifier)
`
const prelude = `
const exports = {}
let strataOutsideFile
const strataOutside = () => strataOutsideFile ??= process.getBuiltinModule("node:module").createRequire(${
  JSON.stringify(join(folder, outsideFile))
})("./${outsideFile}")
const strataGuard = (() => {
  const crypto = process.getBuiltinModule("node:crypto")
  const restoring = []
  const of = [
    [Date, "now"], [performance, "now"], [process, "hrtime"], [Math, "random"], [globalThis.crypto, "getRandomValues"],
    ...["randomBytes", "randomFillSync", "randomInt", "randomUUID"].map((name) => [crypto, name])
  ]
  let isLoading = true
  for (const [owner, name] of of) {
    const own = owner[name]
    const guarded = (original) => (...parameters) => {
      if (!isLoading) return original.apply(owner, parameters)
      throw new Error(\`a module asks for \${name} as it is loaded: in a snapshot that is the same for each process\`)
    }
    owner[name] = Object.assign(guarded(own), own.bigint === undefined ? {} : { bigint: guarded(own.bigint) })
    restoring.push(() => owner[name] = own)
  }
  return {
    end: () => {
      isLoading = false
      for (const restore of restoring) restore()
    }
  }
})()
`
const end = `
strataGuard.end()
`

const throughFile = (code, imports) => {
  let [text, end] = ["", 0]
  for (const { start } of imports) {
    text += `${code.slice(end, start)}strataOutside().load`
    end = start + "import".length
  }
  return text + code.slice(end)
}

/** All that a server with all APIs loads before its first answer. */
const entry = () =>
  [join(sources, "cli", "Serve.ts"), ...globSync(join(sources, "apis", "*", "*Live.ts")), join(sources, "main.ts")]
    .map((file, index) => `import * as module${index} from ${JSON.stringify(file)}\nexport { module${index} }`)
    .join("\n")

const main = "strata:snapshot"
const entryFile = {
  name: "entry",
  resolveId: (id) => id === main ? id : undefined,
  load: (id) => id === main ? entry() : undefined
}

const requireBundled = ({ imports }) => {
  const missing = imports.filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))
  if (missing.length > 0) throw new Error(`a snapshot cannot import ${missing}: name it in bin/snapshot.js`)
}

const bundle = async ({ inAscii, plugins }) => {
  const { rolldown } = await import("rolldown")
  const { parseSync } = await import("rolldown/utils")
  const made = await rolldown({
    input: main,
    platform: "node",
    checks: { ineffectiveDynamicImport: false },
    treeshake: { propertyReadSideEffects: false },
    external: (id) => !isOurs(id) && lateName(id) === undefined,
    plugins: [entryFile, lateModules, ofPackages, largeFiles, places, ...plugins]
  })
  const { output: [chunk] } = await made.generate({ format: "cjs", comments: false, codeSplitting: false })
  requireBundled(chunk)
  const { module } = parseSync(chunk.fileName, chunk.code, { sourceType: "script" })
  return inAscii(prelude + throughFile(chunk.code, module.dynamicImports) + end)
}

/** Adds it to the bundle; where this Node can make none, a server starts from the bundle's files. */
export const write = async (options) => {
  const script = join(folder, "snapshot.cjs")
  writeFileSync(script, await bundle(options))
  writeFileSync(join(folder, outsideFile), outsideCode)
  // Code of Node's modules, compiled ahead, is 8 MB that each process keeps, and saves nothing that could be measured.
  const settings = join(folder, "snapshot.json")
  writeFileSync(settings, JSON.stringify({ builder: script, withoutCodeCache: true }))
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--snapshot-blob", blob, "--build-snapshot-config", settings],
    {
      encoding: "utf8",
      env: { NODE_NO_WARNINGS: "1" }
    }
  )
  if (status === 0) return writeFileSync(maker, runtime())
  rmSync(blob, { force: true })
  return process.emitWarning(`No startup snapshot could be made: ${stderr}`)
}
