/** docs/providers.md and the registry agree; `npm run samples` with this test writes the table anew. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync, writeFileSync } from "node:fs"
import { inject } from "vitest"
import { registry } from "../../src/providers/Registry.ts"

const file = new URL("../../docs/providers.md", import.meta.url)

const head = ["| type | API | status | the suite ran against | open points |", "| --- | --- | --- | --- | --- |"]

const rows = registry.map(({ api, status, type }) => {
  const { against = "", open = [], status: name } = status
  return `| \`${type}\` | ${api.name} | ${name} | ${against} | ${open.join("; ")} |`
})

const table = [...head, ...rows].join("\n")

const written = /\| type \| API \| status \|[^]*?(?=\n\n)/

describe("docs/providers.md", () => {
  it("has every type of the registry, with its status, in its order", () => {
    const text = readFileSync(file, "utf8")
    if (inject("storeEventSamples")) {
      const marker = /(<!-- The table follows[^]*?-->\n\n)/
      writeFileSync(
        file,
        written.test(text) ? text.replace(written, () => table) : text.replace(marker, `$1${table}\n\n`)
      )
      return
    }
    assert.strictEqual(written.exec(text)?.[0], table)
  })

  it("claims of no type more than it says what for", () => {
    for (const { status, type } of registry) {
      assert.strictEqual(status.against !== undefined, status.status !== "untested", type)
    }
  })
})
