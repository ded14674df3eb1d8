/** `strata events catalog`: the catalog without a server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import * as EventCatalogDocument from "../../src/apis/events/EventCatalogDocument.ts"
import * as EventCatalogMarkdown from "../../src/cli/EventCatalogMarkdown.ts"
import * as StrataProcess from "../support/StrataProcess.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

const document = EventCatalogDocument.document(apis.catalog.definitions)
const json = `${JSON.stringify(document, null, 2)}\n`
const markdown = `${EventCatalogMarkdown.text(document)}\n`

const run = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const folder = yield* TemporaryFolder.make
  const ended = yield* StrataProcess.run(["events", "catalog", ...args], { folder })
  return { ...ended, folder }
})

describe("strata events catalog", () => {
  const forms = [[[], json], [["--json"], json], [["--markdown"], markdown]] as const
  it.live.each(forms)("prints the catalog, asked with %j", ([flags, expected]) =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(...flags)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.strictEqual(stdout, expected)
    }))

  it.live("writes it to a file", () =>
    Effect.gen(function*() {
      const { code, folder, stdout } = yield* run("--output", "catalog.json")
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.strictEqual(readFileSync(join(folder, "catalog.json"), "utf8"), json)
    }))

  const refused = [
    [["--output", "nowhere/catalog.json"], /^The catalog can't be written to nowhere\/catalog\.json: /],
    [["--json", "--markdown"], /^--json and --markdown are two forms/]
  ] as const
  it.live.each(refused)("refuses %j", ([flags, says]) =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(...flags)
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, says)
    }))
})
