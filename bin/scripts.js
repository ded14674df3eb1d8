// Loads a bundle's files. Each is a script, beside it what V8 compiled of it once: with all functions that a first answer took,
// where Node keeps of a module what is compiled before it runs, and a function would be parsed again at its first call.

import { readFileSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { cachedDataVersionTag } from "node:v8"
import { Script } from "node:vm"
import { crc32 } from "node:zlib"

/** What stands around a file's text: it is a function. */
export const wrapper = {
  start: "(function (exports, require, importMeta, importModule) { \"use strict\";\n",
  end: "\n})"
}

/** Each version of V8, under other flags each, has its own. */
const codeFile = (file) => `${file}.${cachedDataVersionTag().toString(16)}.code`
const checksumBytes = 4

/** Other bytes than V8 wrote might end the process: undefined where they are not as they were, or not there. */
const codeOf = (file) => {
  try {
    const bytes = readFileSync(codeFile(file))
    const code = bytes.subarray(0, -checksumBytes)
    return crc32(code) === bytes.readUInt32LE(code.length) ? code : undefined
  } catch {
    return undefined
  }
}

/** Keeps what V8 has compiled of a file by now, for each process that loads it. */
export const keepCode = (file, script) => {
  const code = script.createCachedData()
  const checksum = Buffer.alloc(checksumBytes)
  checksum.writeUInt32LE(crc32(code))
  const unfinished = `${codeFile(file)}.${process.pid}`
  writeFileSync(unfinished, Buffer.concat([code, checksum]))
  renameSync(unfinished, codeFile(file))
}

const outside = createRequire(import.meta.url)
const importModule = (specifier) => import(specifier)

/**
 * Loads a file, and answers what it exports. A bundle's files ask for each other by `./`; what else they ask for, and where they
 * say they stand, is as from here, for `bin` stands beside the bundle.
 */
export const loader = (onScript = () => {}) => {
  const loaded = new Map()
  const load = (file) => {
    const before = loaded.get(file)
    if (before !== undefined) return before
    const exports = {}
    loaded.set(file, exports)
    const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData: codeOf(file) })
    onScript(file, script)
    const require = (id) => id.startsWith("./") ? load(join(dirname(file), id)) : outside(id)
    script.runInThisContext()(exports, require, import.meta, importModule)
    return exports
  }
  return load
}

/** Milliseconds: the start is over, and V8 has not let go yet of functions that ran in it alone. */
const settled = 10_000

const keepAll = (scripts) => {
  try {
    for (const [file, script] of scripts) keepCode(file, script)
  } catch {
    // Where nothing may be written, each start compiles.
  }
}

/** Loads a server's main file; what V8 has to compile, because nothing was kept for it as it runs here, is kept. */
export const loadServer = (main, delay = settled) => {
  const compiled = []
  setTimeout(() => keepAll(compiled), delay).unref()
  return loader((file, script) => {
    if (script.cachedDataRejected !== false) compiled.push([file, script])
  })(main)
}
