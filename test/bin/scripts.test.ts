/** A bundle's file is a script: what V8 has compiled of it is taken again, and only whole. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const address = new URL("../../bin/scripts.js", import.meta.url).href

/** Runs a program that has what the file exports, and reads what it prints. */
const run = (program: string): unknown => {
  const text = `import { keepCode, loader, loadServer, wrapper } from ${JSON.stringify(address)}\n${program}`
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", text], {
    encoding: "utf8"
  })
  assert.deepStrictEqual([status, stderr], [0, ""])
  return JSON.parse(stdout)
}

const wrapper = run("console.log(JSON.stringify(wrapper))") as { readonly start: string; readonly end: string }

const files = {
  "main.js": `
    const other = require("./other.js")
    exports.sum = (one, two) => other.add(one, two)
    exports.once = other === require("./other.js")
    exports.separator = require("node:path").sep
    exports.strict = (function () { return this === undefined })()
    exports.stands = importMeta.url
    exports.imported = importModule("node:path").then(({ sep }) => sep)
  `,
  "other.js": "exports.add = (one, two) => one + two"
}

const scripts = Effect.map(TemporaryFolder.make, (folder) => {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), `${wrapper.start}${text}${wrapper.end}`)
  }
  return join(folder, "main.js")
})

/** Loads it, uses it, and prints what V8 thought of what was kept: undefined of what was not there. */
const takes = (main: string, after = "") =>
  run(`
    const scripts = []
    const { sum } = loader((file, script) => scripts.push([file, script]))(${JSON.stringify(main)})
    const added = sum(1, 2)
    ${after}
    console.log(JSON.stringify([added, ...scripts.map(([, script]) => script.cachedDataRejected ?? "none")]))
  `)

const keep = "for (const [file, script] of scripts) keepCode(file, script)"

describe("bin/scripts.js", () => {
  it.effect("gives a script what a module has", () =>
    Effect.gen(function*() {
      const main = yield* scripts
      const exported = run(`
        const exported = loader()(${JSON.stringify(main)})
        console.log(JSON.stringify({ ...exported, imported: await exported.imported }))
      `)
      assert.deepStrictEqual(exported, { once: true, separator: "/", strict: true, stands: address, imported: "/" })
    }))

  it.effect("takes what V8 has compiled, functions among it", () =>
    Effect.gen(function*() {
      const main = yield* scripts
      assert.deepStrictEqual(takes(main, keep), [3, "none", "none"])
      assert.deepStrictEqual(takes(main), [3, false, false])
    }))

  it.effect("keeps what a server had to compile", () =>
    Effect.gen(function*() {
      const main = yield* scripts
      run(`
        loadServer(${JSON.stringify(main)}, 1)
        setTimeout(() => console.log("0"), 100)
      `)
      assert.deepStrictEqual(takes(main), [3, false, false])
      assert.deepStrictEqual(readdirSync(dirname(main)).filter((name) => !/\.(js|code)$/.test(name)), [])
    }))

  it.effect("leaves out what is not whole", () =>
    Effect.gen(function*() {
      const main = yield* scripts
      takes(main, keep)
      const file = join(dirname(main), readdirSync(dirname(main)).find((name) => /^main\.js\.\w+\.code$/.test(name))!)
      const code = readFileSync(file)
      for (const damaged of [code.subarray(0, -9), code.with(200, code[200]! ^ 1), code.subarray(0, 2)]) {
        writeFileSync(file, damaged)
        assert.deepStrictEqual(takes(main), [3, "none", false])
      }
    }))

  it.effect("compiles a text that is another by now", () =>
    Effect.gen(function*() {
      const main = yield* scripts
      takes(main, keep)
      writeFileSync(main, readFileSync(main, "utf8").replace("(one, two) => other", "(one, two) => 10 * other"))
      assert.deepStrictEqual(takes(main), [30, true, false])
    }))
})
